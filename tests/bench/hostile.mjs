// hostile.mjs [attack NAME] - what is left for shops and shoppers while
// somebody attacks: the same traffic without, with, without ... in one run.
// Attackers are a process of their own. What they do would not be done on this
// machine, so those that send as much as a line takes (1 Gbit/s) do it with
// nice 19; what they cause is measured. Those with a rate keep to it.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const { DAPIT_URL, DAPIT_API_KEY: key } = process.env;
const at = new URL(DAPIT_URL), port = Number(at.port), host = at.hostname;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const api = '/api/gateway/gateway.php?action=';

// --- attackers, from ten addresses

let n = 0, done = 0, sent = 0;
const begun = performance.now();
const from = () => `127.0.66.${1 + n++ % 10}`;
function open(count, started, more = () => 0) {	// keeps so many connections
	for (let i = 0; i < count; i++)
		(function one() {
			const s = net.connect({ port, host, localAddress: from() });
			let timer;
			s.on('connect', () => { started(s); timer = setInterval(() => more(s), 1000); });
			s.on('error', () => 0);
			s.on('close', () => { clearInterval(timer); done++; setTimeout(one, 100); });
			s.pause();
		})();
}
const head = (more) => `POST ${api}create_session HTTP/1.1\r\nHost: x\r\nX-Gateway-Key: ${key}\r\n${more}\r\n`;
const every = (ms, f) => setInterval(f, ms);
const garbage = ['\x16\x03\x01\x02\x00\x01\x00', 'GET\r\n\r\n', 'POST / HTTP/9.9\r\n\r\n', 'X'.repeat(40000), 'GET /%zz\0 HTTP/1.1\r\nHost:\r\n\r\n',
	head('Content-Length: -1\r\n'), head('Transfer-Encoding: chunked\r\n') + 'zz\r\n', head('Content-Length: 9\r\n') + '{"amount"', head('Content-Length: 3\r\nContent-Length: 4\r\n') + 'abc'];
const big = Buffer.alloc(65536, 'x'), chunk = Buffer.concat([Buffer.from('10000\r\n'), big, Buffer.from('\r\n')]);
const LINE = 125e6;		// bytes/s: 1 Gbit/s for all of them
function pump(s, piece, left = 10485760) {
	if (s.destroyed)
		return;
	if (left <= 0)
		return s.end();
	sent += piece.length;
	s.write(piece, () => setTimeout(pump, begun + sent / LINE * 1000 - performance.now(), s, piece, left - piece.length));
}
const attacks = {
	'500 headers, a byte a second': () => open(500, (s) => s.write('POST /api/gateway/gateway.php HTTP/1.1\r\nX-A: '), (s) => s.write('a')),
	'500 bodies, a byte a second': () => open(500, (s) => s.write(head('Content-Length: 5000\r\n')), (s) => s.write(' ')),
	'250 slow readers of 4 MB': () => open(250, (s) => s.write('GET /docs/ HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(30)), (s) => s.read(1)),
	'2000 idle connections': () => open(2000, () => 0),
	'10 MB bodies, 10 at once': () => open(10, (s) => { s.resume(); s.write(head('Content-Length: 10485760\r\n')); pump(s, big); }),
	'the same without their length': () => open(10, (s) => { s.resume(); s.write(head('Transfer-Encoding: chunked\r\n')); pump(s, chunk); }),
	'100/s with wrong keys': () => {
		const to = [];
		open(10, (s) => { to.push(s); s.on('data', () => done++); s.resume(); });
		every(10, () => to.length && to[n++ % to.length].write(head('Content-Length: 12\r\n').replace(key, 'dpk_' + n) + '{"amount":1}'));
	},
	'50/s garbage': () => every(20, () => {
		const s = net.connect({ port, host, localAddress: from() }, () => s.write(garbage[n % garbage.length]));
		s.on('error', () => 0).on('close', () => done++).resume();
		setTimeout(() => s.destroy(), 3000);
	}),
};
if (process.argv[2] === 'attack') {
	attacks[process.argv[3]]();
	process.on('SIGTERM', () => { console.log(`done ${done} ${sent}`); process.exit(0); });
	process.stdin.on('end', () => process.exit(0)).resume();
} else {
	await measure();
}

// --- shops and shoppers, four addresses each

async function measure() {
	const each = Number(process.env.SECONDS_EACH ?? 2) * 1000, rounds = Number(process.env.ROUNDS ?? 3);
	const agents = Array.from({ length: 128 }, (_, i) => new http.Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.1.${i + 1}` }));
	let good = 0, failed = 0, stop = false, paused = false;
	const ask = (agent, action, body) => new Promise((resolve) => {
		const q = http.request({ port, host, path: api + action, method: 'POST', agent, headers: { 'X-Gateway-Key': key, 'Content-Type': 'application/json' } }, (r) => {
			let text = '';
			r.on('data', (d) => text += d);
			r.on('error', () => { failed++; resolve({}); });
			r.on('end', () => { if (r.statusCode === 200) good++; else failed++; try { resolve(JSON.parse(text)); } catch { resolve({}); } });
		});
		q.on('error', () => { failed++; resolve({}); });
		q.end(JSON.stringify(body));
	});
	const traffic = Array.from({ length: 32 }, async (_, shop) => {
		for (let turn = 0; !stop; turn++) {
			while (paused)
				await sleep(20);
			const agent = agents[shop + 32 * (turn % 4)];
			const { session_token: token } = await ask(agent, 'create_session', { amount: 49.99, order_id: 'H' });
			for (let i = 0; i < 2 && !stop; i++) {
				await ask(agent, 'check_payment', { token });
				await ask(agent, 'get_session', { token });
			}
		}
	});
	const rate = async (ms = each) => { const was = good, from = performance.now(); await sleep(ms); return (good - was) * 1000 / (performance.now() - from); };
	const attack = (name) => spawn('nice', ['-n', /\/s/.test(name) ? '0' : '19', process.execPath, process.argv[1], 'attack', name], { stdio: ['pipe', 'pipe', 'inherit'] });
	const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
	// What an attack costs the servers by itself, in hundredths of a core: less
	// hurt by whatever else this machine does.
	const spent = () => execFileSync('sh', ['-c', 'for p in $(cat "$VAR"/run/nginx.pid "$VAR"/run/gateway.pid "$VAR"/run/mariadb.pid); do echo $p; pgrep -P $p || :; done'], { encoding: 'utf8' }).trim().split('\n')
		.reduce((sum, p) => { const f = readFileSync(`/proc/${p}/stat`, 'utf8').split(') ')[1].split(' '); return sum + Number(f[11]) + Number(f[12]); }, 0);
	const work = async () => { const was = spent(), from = performance.now(); await sleep(each); return (spent() - was) * 1000 / (performance.now() - from); };
	let least = 1;
	await rate(3000);
	console.log(`  ${'attack'.padEnd(32)} ${'without'.padStart(9)} ${'with'.padStart(9)} ${'ratio'.padStart(6)}  failed  cost  attacker`);
	for (const name of Object.keys(attacks).filter((a) => a.includes(process.env.ATTACK ?? ''))) {
		let text = '', seconds = 0, cost;
		const under = async (what) => {
			const p = attack(name), began = performance.now();
			p.stdout.on('data', (d) => text += d);
			await sleep(1500);
			const got = await what();
			p.kill('SIGTERM');
			await new Promise((r) => p.on('exit', r));
			seconds += (performance.now() - began) / 1000;
			await sleep(500);
			return got;
		};
		paused = true;
		await sleep(500);
		const idle = await work();
		cost = await under(work) - idle;
		paused = false;
		await sleep(500);
		const without = [await rate()], during = [], ratios = [];
		const was = failed;
		for (let i = 0; i < rounds; i++) {
			during.push(await under(rate));
			without.push(await rate());
			ratios.push(during[i] * 2 / (without[i] + without[i + 1]));
		}
		const ratio = middle(ratios);
		least = Math.min(least, ratio);
		const [ended, sent] = [...text.matchAll(/done (\d+) (\d+)/g)].reduce(([a, b], m) => [a + Number(m[1]), b + Number(m[2])], [0, 0]);
		console.log(`  ${name.padEnd(32)} ${middle(without).toFixed(0).padStart(9)} ${middle(during).toFixed(0).padStart(9)} ${ratio.toFixed(2).padStart(6)}  ${String(failed - was).padStart(6)} ${cost.toFixed(0).padStart(4)} %  ${(ended / seconds).toFixed(0)}/s ended${sent ? `, ${(sent / seconds / 1e6).toFixed(0)} MB/s` : ''}`);
	}
	stop = true;
	await Promise.all(traffic);
	console.log(`  at least ${(least * 100).toFixed(0)} % is left [90]`);
	process.exit(0);
}
