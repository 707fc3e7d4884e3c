interface Props {
  /** The id of the heading, which names the section. */
  id: string;
  title: string;
  /** Beside the title. */
  actions?: React.ReactNode;
  className?: string;
  isBusy?: boolean;
  children: React.ReactNode;
}

/** A section of the page. */
export function Card({ id, title, actions, className = '', isBusy, children }: Props) {
  return (
    <section className={`card ${className}`} aria-labelledby={id} aria-busy={isBusy}>
      <div className="card-header">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
