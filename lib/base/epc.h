/*
 * epc.h - the text of a payment's QR code, as banking apps scan it.
 *
 * EPC069-12 of the European Payments Council ("Quick Response Code:
 * Guidelines to Enable the Data Capture for the Initiation of a SEPA Credit
 * Transfer"), version 002, in UTF-8: lines joined by LF, nothing behind the
 * last one.  The BIC is left out, as version 002 allows inside the EEA.  Our
 * reference is no ISO 11649 creditor reference, which is what many banks
 * demand of the structured line, so it goes into the unstructured one.
 */
#ifndef EPC_H
#define EPC_H

#include "base/arena.h"
#include "base/cents.h"

#define EPC_BYTES	331	/* the most there may be: a QR code of version
				 * 13 with error correction M */
#define EPC_NAME	70	/* characters of the beneficiary's name */
#define EPC_TEXT	140	/* characters of the text */

/* What is paid to whom. */
struct epc {
	const char	*name;		/* the beneficiary, as registered */
	const char	*iban;
	cents		 amount;	/* 0.01 to 999 999 999.99 */
	const char	*text;		/* for the beneficiary: the reference */
};

/*
 * The QR code's text, in the arena.  Control characters become blanks; a
 * name or text that is too long is cut between two characters, and the name
 * further where UTF-8 makes the whole longer than EPC_BYTES.
 */
const char *epc_print(struct arena *, const struct epc *);

#endif
