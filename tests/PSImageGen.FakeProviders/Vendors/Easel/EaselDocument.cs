namespace PSImageGen.FakeProviders.Vendors.Easel;

/// <summary>The vendor's description of its API, for everybody to fetch.</summary>
internal static class EaselDocument
{
    public const string Yaml = """
        openapi: 3.0.3
        info:
          title: Easel Rendering Service
          version: "2.4"
          contact: { name: The Easel desk, url: https://easel.example/account }
        servers:
          - url: /easel/v2
        tags:
          - { name: Rendering, description: Paintings to order. }
          - { name: Films }
          - { name: House }
        security:
          - deskKey: []
        paths:
          /engines/{name}:
            get:
              tags: [House]
              operationId: showEngine
              parameters: [ { $ref: '#/components/parameters/EngineName' } ]
              responses:
                '200': { description: An engine., content: { application/json: { schema: { type: object, properties: { name: { type: string } } } } } }
          /films:
            post:
              tags: [Films]
              operationId: startFilm
              requestBody:
                content: { application/json: { schema: { type: object, required: [scene], properties: { scene: { $ref: '#/components/schemas/Scene' }, seconds: { type: integer } } } } }
              responses: { '202': { description: Begun. } }
          /renders:
            post:
              tags: [Rendering]
              operationId: startRender
              summary: Order a painting. It is painted while you wait elsewhere.
              requestBody:
                required: true
                content: { application/json: { schema: { $ref: '#/components/schemas/RenderOrder' } } }
              responses:
                '202':
                  description: The order was taken.
                  content: { application/json: { schema: { $ref: '#/components/schemas/RenderSlip' } } }
                '402': { $ref: '#/components/responses/Problem' }
                '422': { $ref: '#/components/responses/Problem' }
          /renders/{number}:
            get:
              tags: [Rendering]
              operationId: askForRender
              parameters:
                - { name: number, in: path, required: true, schema: { type: string } }
              responses:
                '200':
                  description: How it stands.
                  content: { application/json: { schema: { $ref: '#/components/schemas/RenderSlip' } } }
          /sketches:
            post:
              tags: [Rendering]
              operationId: sketch
              summary: A quick sketch, in the answer itself.
              requestBody:
                required: true
                content: { application/json: { schema: { $ref: '#/components/schemas/SketchOrder' } } }
              responses:
                '200':
                  description: The sketch.
                  content:
                    application/json:
                      schema:
                        type: object
                        properties:
                          sketch:
                            type: object
                            properties:
                              bytes: { type: string, format: byte }
                              width: { type: integer }
                              height: { type: integer }
        components:
          securitySchemes:
            deskKey: { type: apiKey, in: header, name: X-Easel-Key }
          parameters:
            EngineName: { name: name, in: path, required: true, schema: { type: string } }
          responses:
            Problem:
              description: What went wrong.
              content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } }
          schemas:
            Scene:
              type: object
              required: [text]
              properties:
                text: { type: string, maxLength: 1000, description: What is to be seen. }
                avoid: { type: string, description: What must not be seen. }
            Frame:
              type: object
              required: [width, height]
              properties:
                width: { $ref: '#/components/schemas/Side' }
                height: { $ref: '#/components/schemas/Side' }
            Side: { type: integer, minimum: 64, maximum: 1024, multipleOf: 8 }
            SketchOrder:
              type: object
              required: [scene]
              properties:
                scene: { $ref: '#/components/schemas/Scene' }
                frame: { $ref: '#/components/schemas/Frame' }
            RenderOrder:
              allOf:
                - $ref: '#/components/schemas/SketchOrder'
                - type: object
                  required: [engine]
                  properties:
                    engine: { type: string, enum: [easel-oil, easel-chalk], default: easel-oil }
                    copies: { type: integer, minimum: 1, maximum: 2, default: 1 }
                    seed: { type: integer, nullable: true, minimum: 0, maximum: 4294967295 }
                    canvas:
                      type: object
                      properties:
                        grain: { type: string, enum: [fine, coarse], default: fine }
                        varnish: { type: boolean, default: false }
            RenderSlip:
              type: object
              properties:
                slip:
                  type: object
                  properties:
                    number: { type: string, description: Asks for the painting. }
                    stage: { type: string, enum: [received, painting, dried, torn], description: "dried: it is ready. torn: it failed." }
                    paintings:
                      type: array
                      items:
                        type: object
                        properties:
                          href: { type: string, format: uri }
                          seed: { type: integer }
                    complaint: { type: string, description: Why it was torn. }
            Problem:
              type: object
              properties:
                problem:
                  type: object
                  properties:
                    kind: { type: string }
                    says: { type: string }
        """;
}
