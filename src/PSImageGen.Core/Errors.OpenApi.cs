namespace PSImageGen.Core;

/// <summary>What can be wrong with an OpenAPI document, or with what is asked of one.</summary>
internal static partial class Errors
{
    public static AIImageException DocumentMissing(string name, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{Show(name)}' cannot be read: {Reason(inner)}."), Words.Of("Give -OpenApi the path or link of an OpenAPI document."), null, inner);

    public static AIImageException DocumentUnreachable(string name, string why) =>
        Make(ImageErrorId.NotFound, Words.Of($"'{Show(name)}' cannot be fetched: {Show(why)}"), Words.Of("Check the link, or save the document first and give its path."));

    public static AIImageException DocumentLink(string name) =>
        Invalid(Words.Of($"'{Show(name)}' is no link to a document: only http and https are fetched, without a user name or password in the link."), Words.Of("Save the document first and give its path."));

    public static AIImageException DocumentOfVariable(Providers.ProviderProfile profile, AIImageException inner) =>
        Make(inner.Error.Id, inner.Error.Message, Words.Of($"{profile.DocumentVariable} names this document: correct the variable, or clear it to use what is known of {profile.Id} here. Nothing was sent."),
            e => e with { Provider = profile.Id }, inner);

    public static AIImageException NoApiDocument(string name) =>
        Invalid(Words.Of($"'{Show(name)}' is no OpenAPI document: it does not begin with 'openapi'."), Words.Of("Give -OpenApi the path or link of an OpenAPI document in JSON or YAML; the page that shows it is not enough."));

    public static AIImageException DocumentTooOld(string name, string version) =>
        Invalid(Words.Of($"'{Show(name)}' is written in version {Show(version)}; OpenAPI 3.0 and later are read."), Words.Of("Ask the provider for the document in OpenAPI 3, or convert it with a tool such as swagger2openapi."));

    public static AIImageException DocumentUnreadable(string name, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{Show(name)}' is neither JSON nor YAML that can be read: {Reason(inner)}."), Words.Of("Download the document again, or ask the provider for a correct one."), null, inner);

    public static AIImageException DocumentTooLarge(string name, int limit) =>
        Invalid(Words.Of($"'{Show(name)}' is larger than {limit >> 20} MB. It was not read."), Words.Of("Cut it down to the endpoints for pictures and what they refer to."));

    public static AIImageException DocumentTooDeep(string name) =>
        Invalid(Words.Of($"A schema in '{Show(name)}' nests too deep or refers to too much to be a form that anybody fills in."), Words.Of("Name another endpoint of it with -Endpoint, or cut the document down."));

    public static AIImageException DocumentCircle(string name, string reference) =>
        Invalid(Words.Of($"'{Show(name)}' goes round in a circle: {Show(reference)} refers to nothing but itself."), Words.Of("Ask the provider for a correct document."));

    public static AIImageException DocumentNoTarget(string name, string reference) =>
        Invalid(Words.Of($"'{Show(name)}' refers to {Show(reference)}, which is not in it."), Words.Of("Ask the provider for the whole document."));

    public static AIImageException DocumentElsewhere(string name, string reference) =>
        Invalid(Words.Of($"'{Show(name)}' refers to another document ({Show(reference)}). Nothing but the document you name is read or fetched."), Words.Of("Bundle it into one document first, for example with: npx @redocly/cli bundle"));

    public static AIImageException DocumentPathElsewhere(string name, string path) =>
        Invalid(Words.Of($"'{Show(name)}' has the path {Show(path)}, which is none below its server."), Words.Of("Ask the provider for a correct document. Nothing was sent."));

    public static AIImageException NoImageEndpoints(string name) =>
        Make(ImageErrorId.NotFound, Words.Of($"'{Show(name)}' describes no endpoint that makes pictures, as far as can be seen."), Words.Of("If you know which one it is, name it: -Endpoint 'POST /path'"));

    public static AIImageException EndpointNotInDocument(string name, string endpoint, IEnumerable<string> nearest) =>
        Make(ImageErrorId.NotFound, name.Length == 0 ? Words.Of($"No endpoint {Show(endpoint)} is known here.") : Words.Of($"'{Show(name)}' has no endpoint {Show(endpoint)}."), nearest.Any() ? Words.Of($"Did you mean {Words.ListOr(nearest.Select(Show))}?") : Words.Of("Leave out -Endpoint to see which there are."));

    public static AIImageException EndpointUndescribed(string endpoint, string? source) =>
        Make(ImageErrorId.NotFound, Words.Of($"{Show(endpoint)} is known by its name alone ({source}): what it takes is described by no document here."), Words.Of("Give the provider's document: -OpenApi <path or link>"));
}
