/** Calls the operator back to a tab that is out of sight: its title, and a notification where that was allowed. */
export class Attention {
  private before: string | null = null;
  private ours = '';
  private notification: Notification | null = null;

  call(text: string): void {
    this.before ??= document.title;
    this.ours = `☎ ${text}`;
    document.title = this.ours;
    this.notification?.close();
    this.notification = null;
    if (document.visibilityState === 'hidden' && 'Notification' in window && Notification.permission === 'granted') this.notify(text);
  }

  done(): void {
    // A title that somebody has set meanwhile is newer than the one we kept.
    if (this.before !== null && document.title === this.ours) document.title = this.before;
    this.before = null;
    this.notification?.close();
    this.notification = null;
  }

  private notify(text: string): void {
    this.notification = new Notification(text, { tag: 'allo-call', requireInteraction: true });
    this.notification.onclick = () => window.focus();
  }
}
