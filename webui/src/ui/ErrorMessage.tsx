import { errorMessage, needsKey } from '../api/errors';
import { EnterKeyButton } from './EnterKeyButton';

interface Props {
  error: Error;
  /** What to add if an API key would not help. */
  children?: React.ReactNode;
}

/** What went wrong, with a button to enter an API key if that would help. */
export function ErrorMessage({ error, children }: Props) {
  return (
    <>
      {errorMessage(error)} {needsKey(error) ? <EnterKeyButton /> : children}
    </>
  );
}
