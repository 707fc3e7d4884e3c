import { Component } from 'react';

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
        <p>{this.props.what} could not be shown.</p>
        <button
          type="button"
          className="btn btn-sm btn-outline-primary"
          onClick={() => {
            window.location.reload();
          }}
        >
          Reload the page
        </button>
      </div>
    );
  }
}
