/** The used part of `trustedTypes`. https://developer.mozilla.org/docs/Web/API/Trusted_Types_API */
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

let policy: ReturnType<PolicyFactory['createPolicy']> | undefined;

/**
 * The URL of a script of this origin, in the form that pages with Trusted Types accept (`require-trusted-types-for 'script'; trusted-types
 * petrel`). The policy `petrel` is created at the first use and rejects scripts of other origins. Without Trusted Types, or if the page
 * does not allow the policy, the plain text is returned.
 */
export function scriptUrl(url: string): string {
  const factory = (globalThis as { readonly trustedTypes?: PolicyFactory }).trustedTypes;
  if (!factory) return url;
  try {
    policy ??= factory.createPolicy('petrel', { createScriptURL: sameOrigin });
  } catch {
    return url;
  }
  // The worker constructors accept it in place of a string.
  return policy.createScriptURL(url) as string;
}

function sameOrigin(url: string): string {
  const { href, origin } = new URL(url, location.href);
  if (origin !== location.origin) throw new TypeError(`not a script of ${location.origin}: ${href}`);
  return href;
}
