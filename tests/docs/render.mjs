// render.mjs OPENAPI RECURRING PAGE - prints PAGE with the parts between its
// markers (actions, recurring, events, errors, states) made anew from the two
// OpenAPI documents.
import { readFileSync } from 'node:fs';

const [, , openapi, second, page] = process.argv;
const doc = JSON.parse(readFileSync(openapi, 'utf8'));
const recurring = JSON.parse(readFileSync(second, 'utf8'));
const esc = (s) => String(s).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const code = (s) => `<code>${esc(s)}</code>`;
const table = (head, rows) => rows.length === 0 ? '' :
	`<div class="scroll" tabindex="0"><table>\n<thead><tr>${head.map((h) => `<th>${h}</th>`).join('')}</tr></thead>\n<tbody>\n${rows.map((r) => `<tr>${r.map((c) => `<td>${c}</td>`).join('')}</tr>`).join('\n')}\n</tbody></table></div>`;
const show = (value) => `<pre tabindex="0"><code>${esc(JSON.stringify(value, null, 2))}</code></pre>`;

function bounds(s) {
	if (s.enum)
		return s.enum.join(', ');
	if (s.type === 'integer' || s.type === 'number')
		return `${s.type}, ${s.minimum} to ${s.maximum}`;
	if (s.type === 'array')
		return `list, at most ${s.maxItems}`;
	return s.format ? `${s.format}${s.maxLength ? `, at most ${s.maxLength}` : ''}` : `text, ${s.minLength} to ${s.maxLength}`;
}

const kind = (s) => s.type === 'array' ? 'list' : [].concat(s.type).filter((t) => t !== 'null').join(' or ') + ([].concat(s.type).includes('null') ? ', or null' : '');

function fields(schema, prefix = '') {
	return Object.entries(schema.properties).filter(([name]) => name !== 'success').flatMap(([name, s]) =>
		[[code(prefix + name), kind(s) + (schema.required.includes(name) ? '' : ', if any'), esc(s.description)],
			...(s.items?.properties ? fields(s.items, `${prefix}${name}[].`) : [])]);
}

function action([path, { post }]) {
	const name = post.operationId;
	const body = post.requestBody?.content['application/json'];
	const json = post.responses[200].content['application/json'];
	const answers = json?.schema.anyOf ?? [];
	const rows = new Map(answers.flatMap((a) => fields(a)).map((r) => [r[0], r]));
	const who = post.tags[0] === 'merchant' ? 'With your key, from your server' : post.tags[0] === 'bank' ? 'For the bank' : 'With the session\'s token, also from a browser';
	return `<h3 id="${name}">${name}</h3>
<p>${esc(post.summary)}</p>
<p class="who">${who}; ${(doc.paths[path] ?? recurring.paths[path]).get ? 'GET or POST' : 'POST'}.</p>
${table(['Parameter', 'Bounds', 'Meaning'], Object.entries(body?.schema.properties ?? {}).map(([p, s]) => [code(p) + (body.schema.required?.includes(p) ? ' required' : ''), esc(bounds(s)), esc(s.description)]))}
${body?.example ? `<details><summary>Example of ${name}</summary>\n${show(body.example)}${Object.values(json?.examples ?? {}).map((e) => show(e.value)).join('\n')}\n</details>` : ''}
${rows.size ? `<details><summary>Answer of ${name}</summary>\n${table(['Field', 'Type', 'Meaning'], [...rows.values()])}\n</details>` : ''}`;
}

const errors = Object.entries(doc.components.responses).flatMap(([status, r]) => {
	const words = r.content['application/json'].schema.allOf[1].properties.code.enum;
	return words.map((w, i) => {
		const from = r.description.indexOf(w + ': ') + w.length + 2;
		const next = i + 1 < words.length ? r.description.indexOf(' ' + words[i + 1] + ': ') : undefined;
		return [status, code(w), esc(r.description.slice(from, next))];
	});
});
const parts = {
	actions: Object.entries(doc.paths).map(action).join('\n'),
	recurring: Object.entries(recurring.paths).map(action).join('\n'),
	errors: table(['HTTP', 'Code', 'Meaning'], errors),
	events: Object.entries(doc.webhooks).map(([type, { post }]) => `<h3 id="${type}">${type}</h3>\n<p>${esc(post.summary)}</p>${post.requestBody.content['application/json'].example ? `\n<details><summary>Example of ${type}</summary>\n${show(post.requestBody.content['application/json'].example)}\n</details>` : ''}`).join('\n'),
	states: table(['Status', 'Meaning'], doc['x-statuses'].map((s) => [code(s.status), esc(s.description)])),
};
let text = readFileSync(page, 'utf8');
for (const [name, html] of Object.entries(parts)) {
	const from = text.indexOf(`<!-- ${name} -->`) + `<!-- ${name} -->`.length, to = text.indexOf(`<!-- /${name} -->`);
	text = text.slice(0, from) + '\n' + html.replace(/\n+/g, '\n').trim() + '\n' + text.slice(to);
}
process.stdout.write(text);
