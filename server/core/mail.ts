import { createTransport } from 'nodemailer';
import type { NodemailerError } from 'nodemailer';

/** Where mail goes out, and from whom. */
export interface MailSettings {
  host: string;
  port: number;
  /** TLS from the first byte (smtps://); otherwise STARTTLS where the server has it. */
  secure: boolean;
  auth: { user: string; pass: string } | null;
  /** `Allo <allo@example.com>` */
  from: { name: string; address: string };
}

export interface Attachment {
  name: string;
  /** MIME: "application/pdf". */
  type: string;
  content: Buffer;
}

export interface Letter {
  /** Without the angle brackets. */
  messageId: string;
  to: { name: string; address: string };
  replyTo: string | null;
  subject: string;
  text: string;
  html: string | null;
  inReplyTo: string | null;
  references: readonly string[];
  attachments: readonly Attachment[];
  /** Epoch ms: the Date of the letter, the same in every attempt. */
  date: number;
}

/** Why a letter did not go. `permanent`: the server will never take it (5xx of RFC 5321 to the recipient or the letter itself). `away`: no server answered. */
export class MailError extends Error {
  readonly permanent: boolean;
  readonly away: boolean;
  constructor(message: string, { permanent = false, away = false, cause }: { permanent?: boolean; away?: boolean; cause?: unknown }) {
    super(message, { cause });
    this.permanent = permanent;
    this.away = away;
  }
}

export interface Mailer {
  /** Resolves when the server has taken the letter. @throws MailError */
  send(letter: Letter): Promise<void>;
  close(): void;
}

/** The one address of "Name <box@host>" or of "box@host"; null: it is none. */
export const parseAddress = (text: string): { name: string; address: string } | null => {
  const [, name = '', boxed, bare] = /^\s*(?:(.*?)\s*<([^<>]*)>|(\S+))\s*$/.exec(text) ?? [];
  const address = boxed ?? bare ?? '';
  return isAddress(address) ? { name: name.replace(/^"(.*)"$/, '$1'), address } : null;
};

/** Something before and after one @, no spaces, quotes or lists: what a mail server can be asked to take. */
export const isAddress = (text: string): boolean =>
  text.length <= 320 && /^[^\s@<>",;:\\()[\]]{1,64}@[^\s@<>",;:\\()[\]]{1,255}$/u.test(text) && !/\p{Cc}/u.test(text);

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;
/** Only what is said of the recipient or of the letter is about this letter; a refused log-in or sender is for the administrator to mend. */
const ABOUT_LETTER = /^(RCPT TO|DATA)$/;

const failure = (thrown: unknown): MailError => {
  const err = thrown as NodemailerError;
  const said = (err.response ?? err.message ?? String(thrown)).replace(/\s+/g, ' ').slice(0, 500);
  // refused before any server was asked: no address that could be sent to
  const impossible = err.code === 'EENVELOPE' && err.responseCode === undefined;
  const permanent = impossible || (err.permanent === true && ABOUT_LETTER.test(err.command ?? ''));
  return new MailError(said, { permanent, away: !impossible && err.responseCode === undefined, cause: thrown });
};

/** Over SMTP. A password is never sent unencrypted, except to this machine, whose mail server has a certificate of its own making. */
export const smtpMailer = ({ host, port, secure, auth, from }: MailSettings): Mailer => {
  const transport = createTransport({
    host,
    port,
    secure,
    ...(auth ? { auth, requireTLS: !secure && !LOOPBACK.test(host) } : {}),
    ...(LOOPBACK.test(host) ? { tls: { rejectUnauthorized: false } } : {}),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ messageId, to, replyTo, inReplyTo, references, attachments, date, subject, text, html }) {
      try {
        await transport.sendMail({
          from,
          to,
          subject,
          text,
          messageId: `<${messageId}>`,
          date: new Date(date),
          ...(html !== null && { html }),
          ...(replyTo !== null && { replyTo }),
          ...(inReplyTo !== null && { inReplyTo }),
          ...(references.length > 0 && { references: references.map((id) => `<${id}>`) }),
          attachments: attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content })),
        });
      } catch (err) {
        throw failure(err);
      }
    },
    close: () => transport.close(),
  };
};
