interface Props {
  variant: 'warning' | 'danger';
  className?: string;
  children: React.ReactNode;
}

/** Bootstrap's alert. The one of react-bootstrap can be dismissed and fades, which would cost every visitor 4 KB. */
export function Notice({ variant, className = '', children }: Props) {
  return (
    <div role="alert" className={`alert alert-${variant} ${className}`}>
      {children}
    </div>
  );
}
