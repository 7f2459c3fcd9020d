// live.js - asking again, while somebody looks.
import { Away, Refused } from './api.js';
import { byId } from '../checkout/dom.js';

const LONGEST = 60000;

function connected(yes) {
	byId('away')?.toggleAttribute('hidden', yes);
}

// Calls f each ms until signal; not while the tab is hidden, at once when it
// is seen again, and less often the longer the gateway is away.
export function every(signal, ms, f) {
	let failed = 0, timer = 0, busy = false;
	const later = (wait) => {
		clearTimeout(timer);
		if (!signal.aborted && !document.hidden)
			timer = setTimeout(run, wait);
	};
	async function run() {
		if (busy || signal.aborted)
			return;
		busy = true;
		try {
			await f();
			failed = 0;
			connected(true);
		} catch (e) {
			if (signal.aborted)
				return;
			if (!(e instanceof Away) && !(e instanceof Refused))
				throw e;
			failed++;
			connected(failed < 2);
			later(Math.max(e.wait * 1000 || 0, Math.min(ms * 2 ** failed, LONGEST)));
			return;
		} finally {
			busy = false;
		}
		later(ms);
	}
	const seen = () => { clearTimeout(timer); if (!document.hidden) run(); };
	document.addEventListener('visibilitychange', seen, { signal });
	addEventListener('online', seen, { signal });
	signal.addEventListener('abort', () => clearTimeout(timer));
	later(ms);
	return seen;
}
