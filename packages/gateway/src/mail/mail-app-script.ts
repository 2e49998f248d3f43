/**
 * Sends a mail by Mail.app: JavaScript for Automation, run by `osascript -l JavaScript`. What it sends comes in a
 * file that its only argument names, so that no text is ever part of a program. It prints what became of it.
 */
export const mailAppScript = `
ObjC.import('Foundation');

function run(argv) {
  var begun = false;
  try {
    var read = $.NSString.stringWithContentsOfFileEncodingError(argv[0], $.NSUTF8StringEncoding, null);
    var job = JSON.parse(ObjC.unwrap(read));
    var Mail = Application('Mail');
    if (job.kind === 'check') return JSON.stringify({ kind: 'checked', accounts: Mail.accounts.length });
    var message = Mail.OutgoingMessage({
      sender: job.from,
      subject: job.subject,
      content: job.text,
      visible: false,
    });
    Mail.outgoingMessages.push(message);
    job.to.forEach(function (address) {
      message.toRecipients.push(Mail.ToRecipient({ address: address }));
    });
    job.cc.forEach(function (address) {
      message.ccRecipients.push(Mail.CcRecipient({ address: address }));
    });
    job.files.forEach(function (file) {
      message.attachments.push(Mail.Attachment({ fileName: Path(file) }));
    });
    // Mail reads attached files in its own time.
    if (job.files.length > 0) delay(2);
    begun = true;
    return JSON.stringify({ kind: message.send() ? 'sent' : 'refused' });
  } catch (error) {
    return JSON.stringify({ kind: 'fault', begun: begun, words: String(error) });
  }
}
`;
