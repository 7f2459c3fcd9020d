// time.mjs - the gateway's clock, and days, which may end while a test runs.
import { dapit } from './lib.mjs';

export const clock = () => Date.parse(dapit('clock').trim().replace(' ', 'T') + 'Z') / 1000;
export const dayOf = (t) => new Date(t * 1000).toISOString().slice(0, 10);
export const plus = (day, n) => dayOf(Date.parse(day) / 1000 + n * 86400);

// The day on which the bank books.
export const bankDay = (t = clock()) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Vilnius' }).format(t * 1000);

// Moves the clock to a moment, unless it is past it; the seconds that were left.
export function goTo(day, time = '09:05') {
	const seconds = Date.parse(`${day}T${time}:00Z`) / 1000 - clock();
	if (seconds > 0)
		dapit('clock', '+' + seconds);
	return seconds;
}

// Today, for a test that says so: where midnight is near, UTC's or the bank's,
// the clock moves past it first.
export function wholeDay(minutes = 20) {
	const ends = (t) => [dayOf, bankDay].some((day) => day(t) !== day(t + minutes * 60));
	while (ends(clock()))
		dapit('clock', `+${minutes}m`);
	return dayOf(clock());
}
