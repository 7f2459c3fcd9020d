// The reference's webhook endpoint for Node, word for word (docs.mjs compares
// them), in the Express application that it is written for.
import express from 'express';
const app = express();
app.use(express.json());
// --- from here
// YOUR SERVER — Webhook endpoint receives POST when payment is confirmed
// Fires for both exact and overpayments (not for partial — only when fully paid)
app.post('/webhooks/dapit', (req, res) => {
  const { event, merchant_order_id, invoice_amount, amount_paid, overpaid_amount, refund_amount, refund_fee } = req.body;
  if (event === 'payment.confirmed') {
    // ✅ Payment confirmed! Update your order database.
    console.log(`Order ${merchant_order_id} paid: €${amount_paid} of €${invoice_amount}`);
    if (overpaid_amount > 0) {
      // Customer overpaid — refund of €(overpaid - fee) will be processed
      console.log(`Overpaid by €${overpaid_amount}. Refund: €${refund_amount} (fee: €${refund_fee})`);
    }
    // Mark order as paid, send confirmation email, trigger fulfillment
  }
  res.status(200).json({ received: true });
});
// --- to here
app.listen(process.env.PORT, '127.0.0.1');
