import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { errorText } from '../core/error-words.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import { t } from './strings.ts';

/** The drawn states of a page: skeleton, empty, error. */
export const states = css`
  .state {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-7) var(--space-4);
    text-align: center;
    color: var(--text-muted);
  }
  .state svg.icon {
    width: 2rem;
    height: 2rem;
    stroke-width: 1.4;
  }
  .state p {
    max-width: 30rem;
    overflow-wrap: anywhere;
  }
  .state .title {
    color: var(--text);
    font-size: var(--text-m);
    font-weight: 600;
  }
  .state .button {
    margin-top: var(--space-2);
    color: var(--text);
  }
  .skeleton {
    display: grid;
    gap: var(--space-3);
    padding: var(--space-4);
  }
  .skeleton i {
    display: block;
    height: 0.9rem;
    border-radius: var(--radius);
    background: var(--surface-3);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .skeleton i:nth-child(3n + 1) {
    width: 72%;
  }
  .skeleton i:nth-child(3n + 2) {
    width: 88%;
  }
  .skeleton i:nth-child(3n) {
    width: 55%;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
`;

/** Not announced: a page has several, and what they give way to is what matters. */
export const skeleton = (lines = 6): TemplateResult =>
  html`<div class="skeleton"><span class="hidden">${t().loading}</span>${Array.from({ length: lines }, () => html`<i></i>`)}</div>`;

/** `page`: it stands in place of the whole page, so its title is the page's heading. */
export const empty = (o: { icon: IconName; title: string; text?: string; action?: TemplateResult; page?: boolean }): TemplateResult =>
  html`<div class="state">
    ${icon(o.icon)} ${o.page ? html`<h1 class="title" tabindex="-1">${o.title}</h1>` : html`<p class="title">${o.title}</p>`}
    ${o.text ? html`<p>${o.text}</p>` : nothing} ${o.action ?? nothing}
  </div>`;

export const trouble = (error: unknown, retry: (() => void) | null, page = false): TemplateResult =>
  html`<div class="state" role="alert">
    ${icon('warning')}
    ${page ? html`<h1 class="title" tabindex="-1">${errorText(error)}</h1>` : html`<p class="title">${errorText(error)}</p>`}
    ${retry ? html`<button class="button" @click=${retry}>${t().retry}</button>` : nothing}
  </div>`;
