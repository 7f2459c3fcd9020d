// dialog.js - a dialog, and an action that it waits for.
import { el } from '../checkout/dom.js';
import { call, Away } from './api.js';
import { toast } from './parts.js';

const TRIES = 4, PAUSE = 2000;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

// A dialog that goes when it closes; the focus goes back to who opened it.
export function open(title) {
	const opener = document.activeElement?.id;
	const heading = el('h2', { id: 'dialog-title', tabindex: '-1' }, title), inside = el('div.stack'), says = el('p.says', { id: 'dialog-says', role: 'alert' });
	const box = el('dialog', { 'aria-labelledby': 'dialog-title' }, heading, inside, says);
	const d = {
		box, says, working: false,
		show(words, ...children) {
			heading.textContent = words;
			says.textContent = '';
			inside.replaceChildren(...children.filter(Boolean));
		},
		focus: () => heading.focus(),
		close: () => box.close(),
	};
	box.addEventListener('cancel', (e) => d.working && e.preventDefault());
	box.addEventListener('close', () => {
		box.remove();
		(document.getElementById(opener) || document.getElementById('title'))?.focus({ preventScroll: true });
	});
	document.body.append(box);
	box.showModal();
	return d;
}

// One action, sent again while it is not known what became of it.
export async function surely(action, params, once, seconds) {
	for (let n = 1; ; n++) {
		try {
			return await call(action, params, { once, seconds });
		} catch (e) {
			if (!(e instanceof Away) || n === TRIES)
				throw e;
			await sleep(Math.max(PAUSE, e.wait * 1000));
		}
	}
}

// Runs f while the dialog cannot be closed; f's error is said.
export async function work(d, b, words, f) {
	const was = b.textContent;
	if (d.working)
		return;
	d.working = true;
	d.says.textContent = '';
	b.textContent = words;
	b.setAttribute('aria-disabled', 'true');
	d.box.setAttribute('aria-busy', 'true');
	try {
		await f();
	} catch (e) {
		if (!('code' in e))
			throw e;
		const why = e instanceof Away ? `${e.message} Nothing is done twice: you may try again.` : e.message;
		if (d.box.open)
			d.says.textContent = why;
		else
			toast(why);
	} finally {
		d.working = false;
		b.textContent = was;
		b.removeAttribute('aria-disabled');
		d.box.removeAttribute('aria-busy');
	}
}
