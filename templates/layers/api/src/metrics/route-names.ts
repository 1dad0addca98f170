/** Stands for every address that is not described, so that nobody can make up new names. */
export const OTHER = 'other';

/** Returns how to find the template, such as `/v1/things/:id`, that an address belongs to. */
export function routeNames(templates: Iterable<string>): (path: string) => string {
  const known = [...new Set(templates)].map((template) => ({ template, parts: template.split('/') }));
  return (path) => {
    const parts = path.replace(/\/$/, '').split('/');
    const fitting = known.find(
      (route) => route.parts.length === parts.length && route.parts.every((part, index) => part.startsWith(':') || part === parts[index]),
    );
    return fitting?.template ?? OTHER;
  };
}
