import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Me } from '../../server/auth/contract.ts';
import { startAgents } from '../agents/store.ts';
import { authApi } from '../auth/api.ts';
import '../auth/allo-sign-in.ts';
import { startAttention } from '../calls/attention.ts';
import { startCalls } from '../calls/store.ts';
import { startComplaints } from '../complaints/store.ts';
import { ApiError, onLostSession } from '../core/api.ts';
import { drafts } from '../core/drafts.ts';
import { errorText } from '../core/error-words.ts';
import { forgetClients } from '../core/known.ts';
import { startLead } from '../core/lead.ts';
import { openLive } from '../core/live.ts';
import { setLook } from '../core/look.ts';
import { navigate, place } from '../core/router.ts';
import { session } from '../core/session.ts';
import { Select } from '../core/store.ts';
import { tabs } from '../core/tabs.ts';
import { toast } from '../core/toasts.ts';
import { startDispatch } from '../dispatch/store.ts';
import { startStanding } from '../handover/store.ts';
import { startOversight } from '../oversight/store.ts';
import { startMessages } from '../messages/store.ts';
import { startNotifications } from '../notifications/store.ts';
import { startMissed } from '../missed/store.ts';
import { startPbx } from '../pbx/store.ts';
import { AlloElement } from '../ui/allo-element.ts';
import { skeleton, states, trouble } from '../ui/states.ts';
import './allo-shell.ts';

const USER_KEY = 'allo.user';

const clearDesk = () => {
  drafts.set({});
  tabs.set([]);
};

/** What the tab keeps belongs to one user. */
const forgetOthers = (userId: number) => {
  if (sessionStorage.getItem(USER_KEY) !== String(userId)) clearDesk();
  sessionStorage.setItem(USER_KEY, String(userId));
};

/** Signed in or not: everything below exists only with a session. */
@customElement('allo-app')
export class App extends AlloElement {
  private readonly session = new Select(this, session, (s) => s);
  private stops: (() => void)[] = [];
  private failure: unknown = null;
  static override styles = [...AlloElement.styles, states];

  override connectedCallback() {
    super.connectedCallback();
    onLostSession(() => this.leave(true));
    void this.begin();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.stop();
  }

  private async begin() {
    this.failure = null;
    this.requestUpdate();
    try {
      this.enter(await authApi.me());
    } catch (err) {
      if (err instanceof ApiError && err.code === 'unauthenticated') session.set({ state: 'out', ended: false });
      else this.failure = err;
      this.requestUpdate();
    }
  }

  private enter(me: Me) {
    forgetOthers(me.user.id);
    setLook(me.user);
    session.set({ state: 'in', me });
    this.stop();
    this.stops = [
      startLead(`allo-desk ${me.user.id}`),
      startCalls(),
      startMissed(),
      startComplaints(),
      startMessages(),
      startNotifications(),
      startStanding(),
      startOversight(),
      startDispatch(),
      startPbx(),
      startAgents(),
      openLive(() => this.leave(true)),
      startAttention(),
    ];
  }

  /** By the form: whoever hears the screen goes on at the page's heading. */
  private arrive(me: Me) {
    this.enter(me);
    const { path, query } = place.get();
    navigate(path + query, { replace: true, focus: true });
  }

  private stop() {
    this.stops.forEach((stop) => stop());
    this.stops = [];
  }

  /** `ended`: not by the user's own wish, so what they typed is kept for them. */
  private leave(ended: boolean) {
    if (session.get().state !== 'in') return;
    this.stop();
    forgetClients();
    if (!ended) clearDesk();
    session.set({ state: 'out', ended });
  }

  private async signOut(everywhere: boolean) {
    try {
      await (everywhere ? authApi.signOutEverywhere() : authApi.signOut());
      this.leave(false);
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  private async remember(look: Parameters<typeof authApi.prefer>[0]) {
    if (session.get().state !== 'in') return;
    try {
      await authApi.prefer(look);
    } catch (err) {
      toast('danger', errorText(err));
    }
  }

  override render() {
    return html`<div @look-chosen=${(e: CustomEvent<Parameters<typeof authApi.prefer>[0]>) => void this.remember(e.detail)}>
      ${this.content()}
    </div>`;
  }

  private content() {
    const now = this.session.value;
    if (now.state === 'in')
      return html`<allo-shell
        @sign-out-wanted=${(e: CustomEvent<{ everywhere: boolean }>) => void this.signOut(e.detail.everywhere)}
      ></allo-shell>`;
    if (now.state === 'out')
      return html`<allo-sign-in .ended=${now.ended} @signed-in=${(e: CustomEvent<{ me: Me }>) => this.arrive(e.detail.me)}></allo-sign-in>`;
    return this.failure
      ? html`<main>${trouble(this.failure, () => void this.begin(), true)}</main>`
      : html`<main aria-busy="true">${skeleton(6)}</main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'allo-app': App;
  }
}
