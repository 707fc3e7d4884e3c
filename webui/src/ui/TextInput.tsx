interface Props extends React.ComponentProps<'input'> {
  isInvalid?: boolean;
}

/** Bootstrap's text field. */
export function TextInput({ isInvalid = false, ...props }: Props) {
  return (
    <input
      className={isInvalid ? 'form-control is-invalid' : 'form-control'}
      aria-invalid={isInvalid || undefined}
      {...props}
    />
  );
}
