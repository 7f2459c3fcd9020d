// format.js - money, days and times, as people read and write them.
// Money is an integer of cents everywhere on the page.

const locale = (navigator.languages || []).find((l) => /^en(-|$)/i.test(l)) || 'en-IE';
const euro = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
const wholeEuro = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat(locale);
const utcDay = (options) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
const dayShort = utcDay({ day: 'numeric', month: 'short' }), dayLong = utcDay({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const dayMiddle = utcDay({ weekday: 'short', day: 'numeric', month: 'short' });
const weekday = utcDay({ weekday: 'short', day: 'numeric' }), weekdayName = utcDay({ weekday: 'short' }), monthShort = utcDay({ month: 'short' }), monthLong = utcDay({ month: 'long', year: 'numeric' });
const moment = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const momentOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export const money = (cents) => euro.format(cents / 100);
export const roundMoney = (cents) => (cents % 100 === 0 ? wholeEuro : euro).format(cents / 100);
export const count = (n, one, many = one + 's') => `${plain.format(n)} ${n === 1 ? one : many}`;

// 12.30 of the API's JSON is 1230.
export const toCents = (number) => Math.round(number * 100);

// What a person types: 12, 12.5, 12,50 or € 12.50; null: it is no amount.
export function parseMoney(text) {
	const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.replace(/[\s€]/g, ''));
	return found && Number(found[1]) * 100 + Number((found[2] || '').padEnd(2, '0'));
}

// As the API takes it, and as it stands in a field.
export const decimal = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

// A percentage comes in hundredths too.
export const percent = (hundredths) => `${plain.format(hundredths / 100)}%`;

const dateOf = (day) => new Date(day + 'T00:00:00Z');
export const addDays = (day, n) => new Date(dateOf(day).getTime() + n * 86400e3).toISOString().slice(0, 10);
export const firstOfMonth = (day, back = 0) => {
	const [year, month] = day.split('-').map(Number);
	return new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 10);
};
export const dayWords = {
	short: (d) => dayShort.format(dateOf(d)), middle: (d) => dayMiddle.format(dateOf(d)), long: (d) => dayLong.format(dateOf(d)),
	weekday: (d) => weekday.format(dateOf(d)), name: (d) => weekdayName.format(dateOf(d)), month: (d) => monthShort.format(dateOf(d)), monthLong: (d) => monthLong.format(dateOf(d)),
};

// A time of the API, in UTC, as this device's.
export const timeOf = (utc) => new Date(utc.replace(' ', 'T') + 'Z');
const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

// Of today the hour is enough.
export function hourWords(utc) {
	const t = timeOf(utc);
	return t.toDateString() === new Date().toDateString() ? hour.format(t) : timeWords(utc);
}
export function timeWords(utc) {
	const t = timeOf(utc);
	return (t.getFullYear() === new Date().getFullYear() ? moment : momentOfYear).format(t);
}

export const groups = (iban) => (iban || '').replace(/(.{4})(?=.)/g, '$1 ');

// Does the check sum of an IBAN hold?
export function ibanHolds(text) {
	const iban = text.replace(/\s/g, '').toUpperCase();
	if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban))
		return false;
	let rest = 0;
	for (const c of iban.slice(4) + iban.slice(0, 4))
		for (const digit of String(parseInt(c, 36)))
			rest = (rest * 10 + Number(digit)) % 97;
	return rest === 1;
}
