import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Client, ClientBrief, ClientReply, NumberOrigin, Phone } from '../../server/clients/contract.ts';
import { formatNumber } from '../core/numbers.ts';
import { icon } from '../ui/icons.ts';
import { skeleton } from '../ui/states.ts';
import '../ui/allo-badge.ts';
import '../ui/allo-number.ts';
import '../ui/allo-origin.ts';
import './allo-last-talks.ts';
import './allo-stage.ts';
import './allo-freshest.ts';
import { day } from '../core/format.ts';
import { c } from './card-strings.ts';
import { t } from './strings.ts';

export const headStyles = css`
  .head {
    padding: var(--space-4) var(--space-5);
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: var(--space-2) var(--space-3);
  }
  /* On a phone's width the buttons go below the name, rather than over it. */
  .title > .grow {
    flex-basis: 12rem;
  }
  .title > svg.icon {
    width: 1.6rem;
    height: 1.6rem;
    color: var(--text-muted);
  }
  .badges {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1);
    margin-top: var(--space-1);
  }
  .facts {
    display: grid;
    grid-template-columns: minmax(19rem, 1.4fr) minmax(12rem, 1.2fr) minmax(7rem, 0.8fr);
    gap: var(--space-3) var(--space-5);
    margin-top: var(--space-4);
  }
  .facts dt {
    font-size: var(--text-s);
    color: var(--text-muted);
    margin-bottom: var(--space-1);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .phone {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: var(--hit-target);
  }
  .phone .button,
  .phone .ext {
    flex: none;
    white-space: nowrap;
  }
  .bad-number {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    column-gap: var(--space-2);
  }
  .bad {
    color: var(--danger);
  }
  .phone + .phone,
  .bad-number + .phone {
    margin-top: var(--space-1);
  }
  allo-interests {
    margin-top: var(--space-3);
  }
  .note {
    margin-top: var(--space-4);
    padding-top: var(--space-3);
    border-top: 1px solid var(--border);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    max-height: 9.5rem;
    overflow-y: auto;
  }
  .head .skeleton {
    padding: var(--space-4) 0 0;
  }
  @media (max-width: 760px) {
    .facts {
      grid-template-columns: 1fr;
    }
  }
`;

interface Head {
  /** Null while it is being loaded. */
  client: Client | null;
  brief: ClientBrief | null;
  can: ClientReply['can'] | null;
  /** By E.164. */
  origins?: ClientReply['origins'];
  outcomeWords?: (code: string) => string;
  /** See allo-client. */
  call?: string | null;
  onEdit: () => void;
  onDial: (number: string) => void;
  /** A number that leads to nobody does so no more. */
  onGood?: (phoneId: number) => void;
  onTask?: () => void;
  onComplaint?: () => void;
  onMove?: (to: string, reason: string) => void;
  /** Changes when there is something new to load. */
  version?: number;
}

/** Who they are. Needs headStyles, states. */
export const clientHead = ({
  client,
  brief,
  can,
  origins = {},
  outcomeWords,
  call = null,
  onEdit,
  onDial,
  onGood,
  onTask,
  onComplaint,
  onMove,
  version = 0,
}: Head): TemplateResult => {
  const who = client ?? brief;
  if (!who)
    return html`<section class="panel head">
      <h1 tabindex="-1" class="hidden">…</h1>
      ${skeleton(5)}
    </section>`;
  const under = [who.company, client?.position].filter(Boolean).join(' · ');
  return html`<section class="panel head">
    <div class="title">
      ${icon(who.kind === 'company' ? 'company' : 'person')}
      <div class="grow">
        <h1 tabindex="-1" dir="auto">${who.name}</h1>
        ${under ? html`<p class="muted" dir="auto">${under}</p>` : nothing} ${client ? badges(client, can?.edit ?? false, onMove) : nothing}
      </div>
      ${
        client && client.archivedAt === null && onTask
          ? html`<button class="button" title="${t().newTask} (Ctrl+Space)" @click=${onTask}>${icon('clock')}${t().newTask}</button>`
          : nothing
      }
      ${
        client && client.archivedAt === null && onComplaint
          ? html`<button class="button" title="${t().newComplaint} (Alt+0)" @click=${onComplaint}>
              ${icon('warning')}${t().newComplaint}
            </button>`
          : nothing
      }
      ${can?.edit ? html`<button class="button" @click=${onEdit}>${icon('pencil')}${t().edit}</button>` : nothing}
    </div>
    <allo-client-complaints .client=${who.id}></allo-client-complaints>
    <allo-promised .client=${who.id}></allo-promised>
    ${client ? facts(client, can?.call ?? false, origins, onDial, can?.edit ? onGood : undefined) : briefly(brief!)}
    ${client && client.archivedAt === null ? html`<allo-interests .client=${client.id} .call=${call}></allo-interests>` : nothing}
    ${client && outcomeWords ? html`<allo-last-talks .client=${client.id} .outcomeWords=${outcomeWords}></allo-last-talks>` : nothing}
    ${client ? html`<allo-freshest .client=${client.id} .version=${version}></allo-freshest>` : nothing}
    ${client?.note ? html`<p class="note" dir="auto" tabindex="0" role="note">${client.note}</p>` : nothing}
  </section>`;
};

const badges = (c: Client, mayMove: boolean, onMove?: (to: string, reason: string) => void) => {
  const own = Array.isArray(c.custom.tags) ? c.custom.tags.map(String) : [];
  const tags = [...c.roles.map((r) => t().roles[r] ?? r), ...own];
  return html`<p class="badges">
    ${c.archivedAt !== null ? html`<allo-badge tone="warning">${t().archived}</allo-badge>` : nothing}
    <allo-stage
      .stage=${c.stage}
      .mayMove=${mayMove}
      @stage-wanted=${(e: CustomEvent<{ to: string; reason: string }>) => onMove?.(e.detail.to, e.detail.reason)}
    ></allo-stage>
    ${tags.map((tag) => html`<allo-badge>${tag}</allo-badge>`)}
  </p>`;
};

/** Before the card is loaded: what the push or the list has said. */
const briefly = (b: ClientBrief) =>
  html`${b.phone ? html`<p class="phone"><allo-number .value=${b.phone}></allo-number></p>` : nothing} ${skeleton(3)}`;

const facts = (c: Client, mayCall: boolean, origins: ClientReply['origins'], onDial: (number: string) => void, onGood: Head['onGood']) =>
  html`<dl class="facts">
    <div>
      <dt>${t().phones}</dt>
      <dd>
        ${c.phones.length ? c.phones.map((p) => phone(p, mayCall, origins[p.e164 ?? ''] ?? null, onDial, onGood)) : html`<span class="muted">${t().noPhones}</span>`}
      </dd>
    </div>
    <div>
      <dt>${t().emails}</dt>
      <dd>
        ${c.emails.length ? c.emails.map((e) => html`<p><a href="mailto:${e.address}" target="_blank">${breakable(e.address)}</a></p>`) : '—'}
      </dd>
    </div>
    <div>
      <dt>${t().owner}</dt>
      <dd>${c.owner?.name ?? html`<span class="muted">${t().noOwner}</span>`}</dd>
    </div>
  </dl>`;

/** An address that is too long for its line breaks before its @ and its dots. */
const breakable = (address: string) => address.split(/(?=[@.])/).map((part, i) => (i === 0 ? part : html`<wbr />${part}`));

const phone = (p: Phone, mayCall: boolean, origin: NumberOrigin | null, onDial: (number: string) => void, onGood: Head['onGood']) => {
  const shown = p.e164 ? formatNumber(p.e164) : p.raw;
  const number = p.e164 ? html`<allo-number .value=${p.e164}></allo-number>` : p.raw;
  const after = html`${p.extension ? html`<span class="ext muted">${t().extension} ${p.extension}</span>` : nothing}
    <span class="small muted"
      >${origin ? html`<allo-origin .origin=${origin}></allo-origin>` : nothing}
      ${origin && (p.purpose || p.bestTime) ? html`<br />` : nothing}${[p.purpose, p.bestTime].filter(Boolean).join(' · ')}</span
    >`;
  return html`<p class="phone">
      ${
        mayCall && p.e164
          ? html`<button class="button" aria-label=${t().call(shown)} title=${t().call(shown)} @click=${() => onDial(p.e164!)}>
              ${icon('phone')}${number}
            </button>`
          : html`<span class="num">${number}</span>`
      }
      ${after} ${p.e164 ? nothing : html`<span class="muted small">${t().notANumber}</span>`}
    </p>
    ${
      p.badSince === null
        ? nothing
        : html`<p class="bad-number small">
            <span class="bad">${c().badSince(day(p.badSince))}</span>
            ${onGood ? html`<button class="button quiet" @click=${() => onGood(p.id)}>${icon('check')}${c().goodAgain}</button>` : nothing}
          </p>`
    }`;
};
