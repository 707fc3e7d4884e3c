import { navigate } from '../lib/route';

interface Props extends React.AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
}

/** A link to another place in the console, without loading the page again. */
export function Link({ href, children, ...attributes }: Props) {
  return (
    <a
      {...attributes}
      href={href}
      onClick={(event) => {
        // Leave opening in a new tab or window to the browser.
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
      }}
    >
      {children}
    </a>
  );
}
