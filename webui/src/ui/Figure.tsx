interface Props {
  label: string;
  title?: string;
  children: React.ReactNode;
}

/** A labelled number, inside of `<dl className="figures">`. */
export function Figure({ label, title, children }: Props) {
  return (
    <div>
      <dt>{label}</dt>
      <dd title={title}>{children}</dd>
    </div>
  );
}
