// command.mjs - the operator's command refuses what it does not understand,
// with exit code 2 and its usage, and has done nothing then.
import { spawnSync } from 'node:child_process';
import { is, ok, done, dapit, dapitFails } from './lib.mjs';
import { sql } from './messages.mjs';

const keys = () => sql('SELECT id, name, scope, expires_at > 0 FROM gateway_keys ORDER BY id').map((r) => r.join());
const acts = () => Number(sql('SELECT COUNT(*) FROM gateway_acts')[0][0]);
const before = keys(), log = acts();
for (const [shows, words, want] of [
	['a slip in an option', ['key', 'add', '1', '--redd'], /--redd: there is no such option\nusage: dapit key add MERCHANT/],
	['an option of another command', ['key', 'add', '1', '--undelivered'], /no such option/],
	['an option without its value', ['key', 'add', '1', '--days'], /--days: it needs a value/],
	['a flag with a value', ['key', 'add', '1', '--read=yes'], /--read: it takes no value|--read=yes: it takes no value/],
	['an option twice', ['key', 'add', '1', '--read', '--read'], /it is there twice/],
	['no number of days', ['key', 'add', '1', '--days=soon'], /soon is not a number/, 1],
	['a word too many', ['key', 'add', '1', 'name', 'other'], /there are too many words/],
	['a word too few', ['key', 'add'], /a word is missing/],
	['a word where none belongs', ['merchant', 'list', 'all'], /there are too many words/],
	['an option that is needed', ['transfers', 'dismiss', '1', '--yes'], /an option is missing that it needs\nusage: dapit transfers dismiss ID --because TEXT/],
	['a command that there is not', ['keys', 'add'], /no such command/],
	['nothing', [], /no such command/],
]) {
	const r = dapitFails(...words), code = shows === 'no number of days' ? 1 : 2;
	ok(r.status === code && want.test(r.stderr), `${shows}: exit ${code}, and it says so`, [r.status, r.stderr]);
}
is([keys(), acts()], [before, log + 1], 'nothing was made; only the act that was understood is in the log');

dapit('key', 'add', '1', 'reader', '--days=30', '--read');
dapit('key', 'add', '--read', '--days', '30', '1', 'again');
is(keys().slice(-2).map((k) => k.split(',').slice(1).join()), ['reader,1,1', 'again,1,1'], '--days=30 and --days 30, before the words or behind them');
dapit('key', 'add', '1', '--', '--odd');
is(keys().at(-1).split(',')[1], '--odd', 'behind -- all are words');
for (const words of [['--help'], ['-h'], ['help']])
	ok(dapit(...words).includes('A first installation:'), `dapit ${words[0]} helps`);
ok(/^dapit \d+\.\d+\.\d+$/m.test(dapit('--version')), 'dapit --version says it');
ok(/^usage: dapit key add MERCHANT/.test(dapit('key', 'add', '--help')), 'a command explains itself');

// Every row can be read: what it needs is what it says.
for (const line of dapit('help').split('\n').filter((l) => /^ {2}[a-z]/.test(l))) {
	const [, name, use] = /^ {2}((?:[a-z-]+ ?)+?)(?: ([A-Z[-].*))?$/.exec(line) ?? [];
	if (name)
		is(dapitFails(...name.trim().split(' '), '--no-such-option').status, 2, `${name.trim()}: an unknown option is refused`);
}

// A CGI host makes words of a query without "=": they are not ours.
const r = spawnSync(`${process.env.PROGRAMS}/gateway.fcgi`, ['-c', '/etc/passwd'], { encoding: 'utf8', input: '',
	env: { ...process.env, GATEWAY_INTERFACE: 'CGI/1.1', REQUEST_METHOD: 'GET', QUERY_STRING: 'action=health', SCRIPT_NAME: '/api/gateway/gateway.php', REMOTE_ADDR: '127.0.0.1' } });
ok(/^Status: 200/m.test(r.stdout), 'a query cannot name a settings file', r.stdout + r.stderr);
done();
