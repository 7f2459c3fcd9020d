// dom.js - elements from code: text stays text, nothing ever becomes markup.

// el('a.button', { href }, 'text', otherElement); null children are left out.
export function el(what, attributes = {}, ...children) {
	const [tag, ...classes] = what.split('.');
	const e = document.createElement(tag);
	if (classes.length)
		e.className = classes.join(' ');
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function')
			e.addEventListener(name, value);
		else if (value === true)
			e.setAttribute(name, '');
		else if (value !== false && value != null)
			e.setAttribute(name, value);
	}
	e.append(...children.filter((c) => c != null && c !== false));
	return e;
}

// A drawing of lines in a square of 24.
export function icon(lines) {
	const space = 'http://www.w3.org/2000/svg';
	const svg = document.createElementNS(space, 'svg'), path = document.createElementNS(space, 'path');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('aria-hidden', 'true');
	path.setAttribute('d', lines);
	svg.append(path);
	return svg;
}

export const byId = (id) => document.getElementById(id);

// What a screen reader is to say; the same words twice are said twice.
export function announce(words) {
	const live = byId('live');
	live.textContent = '';
	setTimeout(() => { live.textContent = words; }, 50);
}

export async function copy(value) {
	try {
		await navigator.clipboard.writeText(value);
		return true;
	} catch {			// no permission, or no secure context
		const box = el('textarea.unseen', { readonly: true });
		box.value = value;
		document.body.append(box);
		box.select();
		const done = document.execCommand('copy');
		box.remove();
		return done;
	}
}
