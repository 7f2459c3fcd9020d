// sink.mjs PORT CERT KEY - a mail server that takes everything as fast as it
// comes: STARTTLS, AUTH, and each message's recipient and Message-ID is kept.
// Prints "ready"; at SIGTERM, what it took.
import net from 'node:net';
import tls from 'node:tls';
import { readFileSync } from 'node:fs';

const [port, cert, key] = process.argv.slice(2);
const context = tls.createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
const to = new Set(), ids = new Set();
let connections = 0, open = 0, most = 0, mails = 0, bytes = 0;

// One state for each line: the recipient, and the message as it comes.
function serve(socket, secure) {
	let text = '', message = null, recipient = '';
	const say = (line) => socket.write(line + '\r\n');
	function command(line) {
		switch (line.slice(0, 4).toUpperCase()) {
		case 'EHLO': say(`250-sink\r\n250-8BITMIME\r\n250-SIZE 35882577\r\n250 ${secure ? 'AUTH PLAIN LOGIN' : 'STARTTLS'}`); break;
		case 'STAR':
			socket.removeListener('data', take);
			say('220 2.0.0 Ready');
			serve(new tls.TLSSocket(socket, { isServer: true, secureContext: context }), true);
			break;
		case 'AUTH': say(secure ? (line.split(' ').length > 2 ? '235 2.7.0 Accepted' : '334 ') : '530 5.7.0 STARTTLS first'); break;
		case 'RCPT': recipient = line.slice(8); say('250 2.1.5 OK'); break;
		case 'DATA': message = ''; say('354 Go ahead'); break;
		case 'QUIT': say('221 2.0.0 Bye'); socket.end(); break;
		case 'MAIL': case 'RSET': case 'NOOP': say('250 2.0.0 OK'); break;
		default: say(secure ? '235 2.7.0 Accepted' : '502 5.5.1 Unknown');	// the answer to 334
		}
	}
	function take(part) {
		text += part.toString('latin1');
		for (;;) {
			const end = message === null ? text.indexOf('\r\n') : text.startsWith('.\r\n') ? 0 : text.indexOf('\r\n.\r\n') + 2;
			if (end < 0 || (message !== null && end === 1))
				return;
			if (message === null) {
				const line = text.slice(0, end);
				text = text.slice(end + 2);
				command(line);
				continue;
			}
			mails++;
			bytes += end;
			to.add(recipient);
			ids.add(/^Message-ID: *(.*)$/im.exec(text.slice(0, end))?.[1]);
			text = text.slice(end + 3);
			message = null;
			say('250 2.0.0 OK');
		}
	}
	socket.on('data', take);
	socket.on('error', () => {});
}

const server = net.createServer((socket) => {
	connections++;
	most = Math.max(most, ++open);
	socket.setNoDelay(true);
	socket.on('close', () => open--);
	serve(socket, false);
	socket.write('220 sink ESMTP\r\n');
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => {
	console.log(`${mails} mails of ${mails ? Math.round(bytes / mails) : 0} bytes, ${to.size} recipients, ${ids.size} Message-IDs, ${connections} connections, ${most} at once`);
	process.exit(0);
});
