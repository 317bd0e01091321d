/** What a delivery status notification says of each recipient. */
export interface ReportWishes {
  readonly action?: string;
  readonly status?: string;
  /** Takes the place of the block about the recipient. */
  readonly recipient?: string;
  /** Between the fields of the report; what Postfix writes by default. */
  readonly newline?: string;
  readonly boundary?: string;
}

/** A report as Postfix writes it, about a mail to an address that its readers must never see in a log. */
export function aDeliveryReport(wishes: ReportWishes = {}): string {
  const { action = 'failed', status = '5.1.1', newline = '\n', boundary = '8B1F.17/relay.example' } = wishes;
  const recipient =
    wishes.recipient ??
    [
      'Final-Recipient: rfc822; secret.person@example.org',
      'Original-Recipient: rfc822;secret.person@example.org',
      `Action: ${action}`,
      `Status: ${status}`,
      'Remote-MTA: dns; mx.example.org',
      'Diagnostic-Code: smtp; 550 5.1.1 <secret.person@example.org>: Recipient address',
      '    rejected: User unknown in local recipient table',
    ].join('\n');
  return `Return-Path: <>
Date: Mon, 1 Jun 2026 10:00:00 +0200 (CEST)
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: retours+token@msj.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="${boundary}"

This is a MIME-encapsulated message.

--${boundary}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--${boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 8B1F
Arrival-Date: Mon, 1 Jun 2026 10:00:00 +0200 (CEST)

${recipient}

--${boundary}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Subject: Votre rendez-vous

--${boundary}--
`.replaceAll('\n', newline);
}
