import { Component } from 'react';
import { strings } from '../lib/strings';

interface Props {
  /** The part of the page that is inside, such as "The chart". */
  what: string;
  children: React.ReactNode;
}

/** Shows a message and a reload button where a part of the page crashed. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="failed" role="alert">
        <p>{strings().errors.notShown(this.props.what)}</p>
        <button
          type="button"
          className="btn btn-sm btn-outline-primary"
          onClick={() => {
            window.location.reload();
          }}
        >
          {strings().errors.reload}
        </button>
      </div>
    );
  }
}
