import type { Session, URI } from 'sip.js';

/** The server may never tell how it went; the call is then still ours. */
const TOLD_WITHIN_MS = 20_000;

/** REFER, to a number or to the far end of another call. @returns whether the far end is connected there. */
export const refer = (session: Session, target: URI | Session): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(false), TOLD_WITHIN_MS);
    const told = (done: boolean) => {
      clearTimeout(timer);
      resolve(done);
    };
    session
      .refer(target, {
        requestDelegate: { onReject: () => told(false) },
        onNotify: (notification) => {
          void notification.accept();
          // The body is the answer that the far end gave to its own call (RFC 3515 section 2.4.5).
          const status = Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0);
          if (status >= 200) told(status < 300);
        },
      })
      .catch(reject);
  });
