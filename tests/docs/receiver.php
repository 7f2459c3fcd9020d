<?php
$payload = json_decode(file_get_contents('php://input'), true);
if ($payload['event'] === 'payment.confirmed') {
    $orderId = $payload['merchant_order_id']; // YOUR order number
    $ref = $payload['reference_number']; // Our reference (DP-XXXXXX-XXXXXX)
    $amount = $payload['amount'];
    $paidAt = $payload['paid_at'];
    $email = $payload['customer_email'];
    // Match to your order and mark as paid
    $db->query("UPDATE orders SET status = 'paid', paid_at = '$paidAt' WHERE order_id = '$orderId'");
    // Send confirmation email to customer
    // Trigger fulfillment / shipping
    error_log("Order $orderId paid: €$amount (ref: $ref)");
}
http_response_code(200);
echo json_encode(['received' => true]);
