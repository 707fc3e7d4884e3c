import { Component } from 'react';

interface Props {
  /** What failed, as in "The chart". */
  what: string;
  children: React.ReactNode;
}

/** Instead of a blank: says that a part of the page failed, and how to go on. */
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
