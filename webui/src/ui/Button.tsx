interface Props extends React.ComponentProps<'button'> {
  variant?: 'primary' | 'outline-primary' | 'link';
}

/** Bootstrap's button. The one of react-bootstrap, with what it needs, would cost every visitor 2 KB. */
export function Button({ variant = 'primary', className = '', type = 'button', ...props }: Props) {
  return <button type={type} className={`btn btn-${variant} ${className}`} {...props} />;
}
