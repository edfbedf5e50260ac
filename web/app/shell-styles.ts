import { css } from 'lit';

export const shellStyles = css`
  :host {
    --aside: 20rem;
    display: flex;
    flex-direction: column;
    height: 100vh;
    height: 100dvh;
  }
  .skip {
    position: absolute;
    z-index: 40;
    left: var(--space-2);
    top: -4rem;
  }
  .skip:focus {
    top: var(--space-2);
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 3.25rem;
    padding: 0 var(--space-4);
    border-bottom: 1px solid var(--border);
    background: var(--surface);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin-right: var(--space-2);
    color: var(--text);
    font-size: var(--text-l);
    font-weight: 700;
    text-decoration: none;
  }
  .brand img {
    width: 1.6rem;
    height: 1.6rem;
  }
  nav {
    display: flex;
    align-self: stretch;
  }
  nav a {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: 2px var(--space-3) 0;
    border-bottom: 2px solid transparent;
    color: var(--text-muted);
    font-weight: 550;
    text-decoration: none;
    white-space: nowrap;
  }
  nav .count {
    min-width: 1.25rem;
    padding: 0 0.35rem;
    border-radius: 1rem;
    background: var(--danger);
    color: var(--danger-text);
    font-size: var(--text-s);
    font-weight: 600;
    line-height: 1.25rem;
    text-align: center;
  }
  nav a:hover {
    color: var(--text);
  }
  nav a[aria-current='page'] {
    border-bottom-color: var(--accent);
    color: var(--accent);
  }
  nav.pages allo-more-pages a {
    flex-direction: row;
    justify-content: flex-start;
    gap: var(--space-3);
    min-height: 2.5rem;
    padding: 0 var(--space-3);
    border: 0;
    border-radius: var(--radius);
    font-size: var(--text-m);
  }
  nav.pages allo-more-pages a span {
    display: inline;
  }
  nav.pages allo-more-pages a:hover {
    background: var(--surface-3);
  }
  nav a:focus-visible {
    outline-offset: -3px;
  }
  allo-search {
    flex: 1 1 12rem;
    max-width: 30rem;
    margin: 0 auto;
  }
  .unfinished {
    display: flex;
    gap: var(--space-1);
    min-width: 0;
  }
  .unfinished .button {
    max-width: 11rem;
    border-color: var(--warning);
    background: var(--warning-soft);
    color: var(--warning);
  }
  nav.settings {
    flex-wrap: wrap;
    gap: var(--space-2);
    margin-bottom: var(--space-4);
  }
  nav.settings a {
    padding: 0 var(--space-3);
    border: 1px solid var(--border-strong);
  }
  nav.settings a[aria-current='page'] {
    border-color: var(--accent);
    color: var(--accent-text);
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) var(--aside);
    flex: 1;
    min-height: 0;
  }
  .column {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
  }
  main {
    flex: 1;
    min-width: 0;
    padding: var(--space-5);
    overflow-y: auto;
    outline: none;
  }
  main > * {
    max-width: 72rem;
    margin-inline: auto;
  }
  main > allo-floor {
    max-width: none;
  }
  aside {
    padding: var(--space-3);
    border-left: 1px solid var(--border);
    overflow-y: auto;
  }
  /* The search keeps its room: the pages say their names under their signs. */
  @media (max-width: 1500px) {
    nav.pages a {
      position: relative;
      flex-direction: column;
      justify-content: center;
      gap: 1px;
      padding: 2px 0.3rem 0;
      font-size: 0.7rem;
      line-height: 1.2;
    }
    nav.pages .count {
      position: absolute;
      top: 0.2rem;
      left: calc(50% + 0.35rem);
      min-width: 1.05rem;
      padding: 0 0.25rem;
      font-size: inherit;
      line-height: 1.05rem;
    }
    .brand:has(+ .pages) span {
      display: none;
    }
  }
  @media (max-width: 1180px) {
    :host {
      --aside: 18rem;
    }
    nav a {
      padding-inline: var(--space-2);
    }
    .brand span {
      display: none;
    }
  }
  @media (max-width: 900px) {
    :host {
      --aside: 0px;
      height: auto;
      min-height: 100dvh;
    }
    header {
      position: sticky;
      top: 0;
      z-index: 15;
      padding: 0 var(--space-2);
    }
    nav a span,
    .unfinished span,
    .brand {
      display: none;
    }
    nav.pages {
      flex: 1 1 0;
      min-width: 0;
      overflow-x: auto;
      scrollbar-width: none;
    }
    allo-search {
      flex-basis: 5rem;
    }
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    main {
      padding: var(--space-3);
      overflow: visible;
    }
    aside {
      border-left: 0;
      border-top: 1px solid var(--border);
      overflow: visible;
    }
  }
`;
