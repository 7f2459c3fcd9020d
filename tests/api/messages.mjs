// messages.mjs - what the recurring tests are written with: a mail server
// with TLS and AUTH, a Twilio, both on this machine and both moody.
import http from 'node:http';
import { readFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { userInfo } from 'node:os';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';
import { call, url } from './lib.mjs';

export const recurringUrl = url.replace('/gateway/gateway.php', '/recurring.php');
export const recur = (action, body = {}, options = {}) => call(action, body, { base: recurringUrl, ...options });

// A key and a certificate for localhost, where the settings look for it.
export function certificate() {
	const ca = process.env.DAPIT_MAIL_TLS_CA, key = `${ca}.key`;
	mkdirSync(dirname(ca), { recursive: true });
	execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', ca, '-days', '2',
		'-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'], { stdio: 'ignore' });
	return { key: readFileSync(key), cert: readFileSync(ca) };
}

// mood(to, n) may give { at: 'rcpt' | 'data', code, text }, or { hang: 'data' }
// to close the line after the whole message, without an answer. also has more
// logins; without starttls nothing is encrypted. What arrives is parsed by a
// parser of its own.
export async function mailServer(tls, { secure = false, port = 0, mood = () => null, user = 'shop@example.com', pass = 'secret-pass',
	also = {}, starttls = !secure } = {}) {
	const logins = { [user]: pass, ...also };
	const got = [], seen = { connections: 0, wrong: 0, logins: [], at: new Map() };
	const no = (m) => Object.assign(new Error(m.text), { responseCode: m.code });
	const server = new SMTPServer({
		secure, key: tls.key, cert: tls.cert, authMethods: ['PLAIN', 'LOGIN'], allowInsecureAuth: !starttls && !secure, logger: false,
		disabledCommands: starttls ? [] : ['STARTTLS'],
		onConnect(session, done) { seen.connections++; done(); },
		onAuth(auth, session, done) {
			seen.logins.push(auth.username);
			if (logins[auth.username] === undefined || auth.password !== logins[auth.username]) { seen.wrong++; return done(no({ code: 535, text: '5.7.8 Username and Password not accepted' })); }
			done(null, { user: auth.username });
		},
		onRcptTo(address, session, done) {
			seen.at.set(address.address, (seen.at.get(address.address) ?? 0) + 1);
			const m = mood(address.address, seen.at.get(address.address));
			session.mood = m;
			done(m?.at === 'rcpt' ? no(m) : null);
		},
		onData(stream, session, done) {
			const parts = [];
			stream.on('data', (d) => parts.push(d));
			stream.on('end', async () => {
				const raw = Buffer.concat(parts);
				const m = session.mood;
				if (m?.at === 'data')
					return done(no(m));
				got.push({ to: session.envelope.rcptTo.map((r) => r.address), from: session.envelope.mailFrom.address, raw: raw.toString('latin1'), mail: await simpleParser(raw) });
				if (m?.hang) { server.connections.forEach((c) => c.id === session.id && c._socket.destroy()); return; }
				done(null, 'OK queued');
			});
		},
	});
	server.on('error', () => {});
	await new Promise((r) => server.listen(port, '127.0.0.1', r));
	return { got, seen, port: server.server.address().port, to: (address) => got.filter((g) => g.to.includes(address)), close: () => new Promise((r) => server.close(r)) };
}

// A Twilio that knows what FACTS tell of it. mood(to, n) may give
// { status, code, message } for an error, or { hang: true } to take the
// message and never answer.
export async function twilio({ sid = 'AC00000000000000000000000000000001', token = 'twilio-token', mood = () => null } = {}) {
	const got = [], at = new Map();
	let n = 0;
	const server = http.createServer((q, r) => {
		let text = '';
		q.on('data', (d) => text += d);
		q.on('end', () => {
			const say = (status, body) => { r.writeHead(status, { 'Content-Type': 'application/json' }); r.end(JSON.stringify(body)); };
			if (q.headers.authorization !== 'Basic ' + Buffer.from(`${sid}:${token}`).toString('base64'))
				return say(401, { code: 20003, message: 'Authenticate', more_info: '', status: 401 });
			const u = new URL(q.url, 'http://x');
			if (u.pathname !== `/2010-04-01/Accounts/${sid}/Messages.json`)
				return say(404, { code: 20404, message: 'not found', status: 404 });
			if (q.method === 'GET')
				return say(200, { messages: got.filter((m) => m.to === u.searchParams.get('To') && m.from === u.searchParams.get('From')) });
			const f = new URLSearchParams(text);
			const to = f.get('To');
			at.set(to, (at.get(to) ?? 0) + 1);
			const m = mood(to, at.get(to));
			if (m?.status) {
				if (m.retry) r.setHeader('Retry-After', m.retry);
				return say(m.status, { code: m.code, message: m.message, more_info: '', status: m.status });
			}
			const message = { sid: 'SM' + String(++n).padStart(32, '0'), to, from: f.get('From'), body: f.get('Body'), callback: f.get('StatusCallback'), status: 'queued', error_code: null };
			got.push(message);
			if (m?.hang) return q.socket.destroy();
			say(201, message);
		});
	});
	await new Promise((r) => server.listen(Number(new URL(process.env.DAPIT_SMS_URL).port), '127.0.0.1', r));
	return { got, at, sid, token, to: (number) => got.filter((g) => g.to === number), close: () => { server.closeAllConnections(); server.close(); } };
}

// As Twilio signs its callbacks.
export const twilioSignature = (token, address, params) =>
	createHmac('sha1', token).update(address + Object.keys(params).sort().map((k) => k + params[k]).join('')).digest('base64');

// The segments that an SMS takes (3GPP TS 23.038, 6.2.1): GSM 7-bit, where
// the characters of the extension table take two, or UCS-2.
const GSM = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '^{}\\[~]|€';
export function segments(text) {
	const letters = [...text];
	if (letters.every((c) => GSM.includes(c) || EXTENDED.includes(c))) {
		const n = letters.reduce((sum, c) => sum + (EXTENDED.includes(c) ? 2 : 1), 0);
		return n <= 160 ? 1 : Math.ceil(n / 153);
	}
	return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
}

// The gateway's clock, and moving it forward to an hour of a day (UTC).

// A statement on the test's own database: rows of columns.
export function sql(text) {
	const out = execFileSync('mariadb', ['--no-defaults', '-u', userInfo().username, '-S', `${process.env.VAR}/run/db.sock`, 'dapit', '-BN', '-e', text], { encoding: 'utf8' });
	return out.split('\n').filter((l) => l !== '').map((l) => l.split('\t'));
}
