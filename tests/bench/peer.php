<?php
/*
 * The same five actions as an ordinary PHP service has them: php-fpm with
 * opcache, a persistent connection, prepared statements (emulated, the
 * fastest kind), json_encode. Written only to be measured against.
 */
$db = new PDO('mysql:unix_socket=' . $_SERVER['DB_SOCKET'] . ';dbname=dapit;charset=utf8mb4', 'root', '',
	[PDO::ATTR_PERSISTENT => true, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => true]);
$in = json_decode(file_get_contents('php://input'), true) ?: [];
$in += $_GET;
header('Content-Type: application/json; charset=utf-8');
header('Cache-Control: no-store');

function one($db, $sql, ...$vals) {
	$st = $db->prepare($sql);
	$st->execute($vals);
	return $st->fetch(PDO::FETCH_ASSOC);
}

function fail($code, $text) {
	http_response_code($code);
	exit(json_encode(['success' => false, 'error' => $text]));
}

function merchant($db) {
	$hash = hash_hmac('sha256', $_SERVER['HTTP_X_GATEWAY_KEY'] ?? '', 'key', true);
	$k = one($db, 'SELECT k.merchant_id, m.environment, k.revoked_at FROM gateway_keys k
		JOIN gateway_merchants m ON m.id = k.merchant_id WHERE k.key_hash = ?', $hash);
	return $k ?: fail(401, 'Invalid API key');
}

function token($in) {
	$t = @hex2bin($in['token'] ?? '');
	return $t !== false && strlen($t) === 32 ? $t : fail(404, 'Session not found');
}

function found($s, $t) {
	if (!$s || !hash_equals($s['token_check'], substr($t, 16)))
		fail(404, 'Session not found');
	return $s;
}

const ROW = 'SELECT s.id, s.status, s.token_check, s.amount, s.total_paid, s.currency, s.reference_number, s.invoice_number,
	s.confirmed_at, s.expires_at, s.created_at, s.payment_count, s.late, s.state_version, s.environment, s.poll_count, s.account_id, m.name AS merchant_name, a.iban, a.beneficiary_name, a.account_name,
	a.bank_name, a.checked_at, a.id AS account FROM gateway_sessions s JOIN gateway_merchants m ON m.id = s.merchant_id ';
const STATUS = ['pending', 'invoiced', 'polling', 'partial', 'confirmed', 'overpaid', 'failed', 'expired'];

const ENVIRONMENT = ['staging', 'production'];

function money($s) {
	return ['total_paid' => $s['total_paid'] / 100, 'amount_remaining' => max(0, $s['amount'] - $s['total_paid']) / 100,
		'overpaid_amount' => max(0, $s['total_paid'] - $s['amount']) / 100];
}

function at($t) { return $t ? gmdate('Y-m-d H:i:s', $t) : null; }

switch ($in['action'] ?? '') {
case 'get_session':
	$t = token($in);
	$s = found(one($db, ROW . 'LEFT JOIN bank_accounts a ON a.id = s.account_id WHERE s.token_id = ?', substr($t, 0, 16)), $t);
	$out = ['session_id' => $s['id'], 'merchant_name' => $s['merchant_name'], 'amount' => $s['amount'] / 100,
		'currency' => $s['currency'], 'status' => STATUS[$s['status']], 'reference_number' => $s['reference_number'],
		'invoice_number' => $s['invoice_number'], 'paid_at' => at($s['confirmed_at'])] + money($s) + [
		'payment_count' => $s['payment_count'], 'created_at' => at($s['created_at']), 'expires_at' => at($s['expires_at']),
		'environment' => ENVIRONMENT[$s['environment']], 'late' => (bool)$s['late'], 'state_version' => $s['state_version']];
	break;
case 'check_payment':
	$t = token($in);
	$s = found(one($db, ROW . 'LEFT JOIN bank_accounts a ON a.id = s.account_id WHERE s.token_id = ?', substr($t, 0, 16)), $t);
	if (!empty($_SERVER['BANK_MS']))
		usleep(1000 * (int)$_SERVER['BANK_MS']);	/* the service replaced asks the bank each time */
	$db->prepare('UPDATE gateway_sessions SET poll_count = poll_count + 1, polled_at = ? WHERE id = ? AND status = 2')
	    ->execute([time(), $s['id']]);
	$out = ['status' => 'pending', 'message' => 'Payment not yet detected. Checking again...',
		'poll_count' => $s['poll_count'] + 1, 'max_polls' => 60, 'expires_at' => at($s['expires_at']),
		'bank_checked_at' => at($s['checked_at']), 'environment' => ENVIRONMENT[$s['environment']]];
	break;
case 'create_session':
	$m = merchant($db);
	$t = random_bytes(32);
	$expires = time() + 3600;
	$db->prepare('INSERT INTO gateway_sessions (merchant_id, environment, token_id, token_check, amount, created_at, expires_at,
		merchant_order_id, callback_url, items) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')->execute([$m['merchant_id'],
		$m['environment'], substr($t, 0, 16), substr($t, 16), round($in['amount'] * 100), time(), $expires,
		$in['order_id'] ?? null, $in['callback_url'] ?? null, isset($in['items']) ? json_encode($in['items']) : null]);
	$out = ['session_id' => (int)$db->lastInsertId(), 'session_token' => bin2hex($t),
		'checkout_url' => '/checkout/pay.html?session=' . bin2hex($t), 'expires_at' => at($expires),
		'amount' => $in['amount'], 'currency' => 'EUR', 'merchant_order_id' => $in['order_id'] ?? null,
		'environment' => ENVIRONMENT[$m['environment']], 'status' => 'pending'];
	break;
case 'create_invoice':
	$t = token($in);
	$s = found(one($db, ROW . 'LEFT JOIN bank_accounts a ON a.environment = s.environment AND a.current = 1 WHERE s.token_id = ?',
		substr($t, 0, 16)), $t);
	if ($s['status'] == 0) {
		$s['reference_number'] = 'DP-' . gmdate('ymd') . '-' . strtoupper(bin2hex(random_bytes(5)));
		$s['invoice_number'] = 'INV-' . gmdate('ymd') . '-' . random_int(0, 999999999);
		$db->prepare('UPDATE gateway_sessions SET status = 1, account_id = ?, reference_number = ?, reference_key = ?,
			invoice_number = ?, invoiced_at = ? WHERE id = ? AND status = 0')->execute([$s['account'],
			$s['reference_number'], $s['reference_number'], $s['invoice_number'], time(), $s['id']]);
	}
	$out = ['reference_number' => $s['reference_number'], 'invoice_number' => $s['invoice_number'], 'amount' => $s['amount'] / 100,
		'currency' => 'EUR', 'iban' => $s['iban'], 'beneficiary_name' => $s['beneficiary_name'],
		'account_name' => $s['account_name'], 'bank_name' => $s['bank_name'], 'expires_at' => at($s['expires_at'])];
	break;
case 'list_transactions':
	$m = merchant($db);
	$c = one($db, 'SELECT counted_until, n FROM gateway_totals WHERE merchant_id = ?', $m['merchant_id']);
	$n = one($db, 'SELECT COUNT(*) AS n FROM gateway_sessions WHERE merchant_id = ? AND invoiced_at >= ?',
		$m['merchant_id'], $c['counted_until'] ?? 0);
	$st = $db->prepare('SELECT reference_number, amount, status, confirmed_at, invoice_number, merchant_order_id, currency,
		total_paid, created_at, invoiced_at, expires_at, environment, late FROM gateway_sessions WHERE merchant_id = ? AND invoiced_at IS NOT NULL
		ORDER BY invoiced_at DESC, id DESC LIMIT 50');
	$st->execute([$m['merchant_id']]);
	$rows = [];
	foreach ($st->fetchAll(PDO::FETCH_ASSOC) as $r)
		$rows[] = ['reference_number' => $r['reference_number'], 'amount' => $r['amount'] / 100, 'status' => STATUS[$r['status']],
			'confirmed_at' => at($r['confirmed_at']), 'invoice_number' => $r['invoice_number'],
			'merchant_order_id' => $r['merchant_order_id'], 'currency' => $r['currency'],
			'total_paid' => $r['total_paid'] / 100, 'created_at' => at($r['created_at']),
			'invoiced_at' => at($r['invoiced_at']), 'expires_at' => at($r['expires_at']),
			'environment' => ENVIRONMENT[$r['environment']], 'late' => (bool)$r['late']];
	$out = ['transactions' => $rows, 'total' => ($c['n'] ?? 0) + $n['n'], 'limit' => 50, 'offset' => 0];
	break;
default:
	fail(400, 'unknown action');
}
echo json_encode(['success' => true] + $out);
