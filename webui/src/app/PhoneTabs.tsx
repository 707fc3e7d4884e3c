import { useStrings } from '../lib/strings';

export const TABS = ['board', 'player', 'submit', 'chart'] as const;
export type Tab = (typeof TABS)[number];

const ICONS: Record<Tab, React.ReactNode> = {
  board: <path d="M2.5 14V9h3v5M6.5 14V4h3v10M10.5 14V7h3v7" />,
  player: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.5 10.5 4 4" />
    </>
  ),
  submit: <path d="M8 13V3M3.5 7.5 8 3l4.5 4.5M2.5 14.5h11" />,
  chart: <path d="M1.5 13.5c3 0 3-9 6.5-9s3.5 9 6.5 9" />,
};

interface Props {
  current: Tab;
  onChange: (tab: Tab) => void;
}

/** On phones, one part of the page at a time: the others would be far below the rows. */
export function PhoneTabs({ current, onChange }: Props) {
  const t = useStrings();
  return (
    <nav className="phone-tabs" aria-label={t.app.parts}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          aria-current={tab === current ? 'true' : undefined}
          onClick={() => {
            onChange(tab);
            window.scrollTo({ top: 0 });
          }}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            {ICONS[tab]}
          </svg>
          {t.app.tabs[tab]}
        </button>
      ))}
    </nav>
  );
}
