// words.js - the shopper's language: its words, money, times.

export const languages = ['bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'ga', 'hr', 'hu', 'it', 'lt', 'lv', 'mt',
	'nb', 'nl', 'pl', 'pt', 'ro', 'sk', 'sl', 'sv', 'uk'];
const same = { no: 'nb', nn: 'nb' };

// The first that we have, of ?lang= and of what the browser asks for.
export function choose(asked, browser) {
	for (const tag of [asked, ...browser]) {
		const short = (tag || '').toLowerCase().split(/[-_]/)[0];
		if (languages.includes(same[short] || short))
			return same[short] || short;
	}
	return 'en';
}

// Resolves to what the screens speak with: t(key, values), money(), time().
export async function speak(asked) {
	const code = choose(asked, navigator.languages || []);
	const answer = await fetch(new URL(`lang/${code}.json`, import.meta.url));
	if (!answer.ok)
		throw new Error(`lang ${code}: ${answer.status}`);
	const words = await answer.json();
	// The browser's own region, where it has one for this language.
	const locale = (navigator.languages || []).find((l) => l.toLowerCase().startsWith(code + '-')) || code;
	const euro = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
	const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, useGrouping: false });
	const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
	return {
		code,
		t: (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all),
		money: (amount) => euro.format(amount),
		number: (amount) => plain.format(amount),	// to be pasted into a form
		time: (utc) => moment.format(new Date(utc.replace(' ', 'T') + 'Z')),
	};
}
