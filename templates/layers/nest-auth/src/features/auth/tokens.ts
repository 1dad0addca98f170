/** What the accounts are kept with: `@Inject(TOOLS) tools: Tools`. */
export const TOOLS = Symbol('tools');
/** Signs and checks access tokens: `@Inject(ACCESS_TOKENS) tokens: AccessTokens`. */
export const ACCESS_TOKENS = Symbol('access tokens');
