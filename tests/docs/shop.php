<?php
// A shop around the reference's PHP example: the database that it expects.
$db = new PDO('sqlite:' . getenv('SHOP_DB'));
$db->exec('CREATE TABLE IF NOT EXISTS orders (order_id TEXT PRIMARY KEY, status TEXT, paid_at TEXT)');
$db->exec("INSERT OR IGNORE INTO orders VALUES ('ORD-77', 'open', NULL)");
require __DIR__ . '/receiver.php';
