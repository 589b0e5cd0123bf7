import { Component, type ReactNode } from 'react';

interface Props {
  /** What is drawn for the error. */
  readonly problem: (thrown: unknown) => ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly thrown: { readonly value: unknown } | undefined;
}

/** Shows an error that was thrown while rendering, in place of the page. React supports this only as a class. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: undefined };

  static getDerivedStateFromError(value: unknown): State {
    return { thrown: { value } };
  }

  override render(): ReactNode {
    const { thrown } = this.state;
    return thrown ? this.props.problem(thrown.value) : this.props.children;
  }
}
