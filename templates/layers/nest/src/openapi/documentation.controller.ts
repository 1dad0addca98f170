import { Controller, Get, Header } from '@nestjs/common';
import { Anonymous } from '../http/decorators.ts';
import { ApiDescription } from './api-description.ts';
import { POLICY, renderPage } from './page.ts';

/** `/openapi.json` for programs, `/docs` for people. */
@Controller()
@Anonymous()
export class DocumentationController {
  #page: string | undefined;

  constructor(private readonly description: ApiDescription) {}

  @Get('openapi.json')
  document() {
    return this.description.document();
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', POLICY)
  page() {
    return (this.#page ??= renderPage(this.description.document()));
  }
}
