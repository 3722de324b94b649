namespace PSImageGen.Core;

/// <content>Vendors the user registers.</content>
internal static partial class Errors
{
    public static AIImageException NameBuiltIn(string id) =>
        Invalid(Words.Of($"{id} is a provider that is built in: nothing can be registered under this name."), Words.Of("Choose another -Name."));

    public static AIImageException NameNotPlain(string name) =>
        Invalid(Words.Of($"'{Show(name)}' cannot be the name of a provider."), Words.Of("Use a letter, then up to 31 letters, digits, dashes and underscores, for example -Name Pixelworks."));

    public static AIImageException NameRegistered(string name) =>
        Invalid(Words.Of($"A provider called {name} is registered already."), Words.Of($"Add -Force to register it anew, choose another -Name, or forget it: Unregister-AIImageProvider {name}"));

    public static AIImageException RegistrationAddress(string name, string address) =>
        Invalid(Words.Of($"'{Show(address)}' cannot be the address of {name}."), Words.Of("Give -BaseUrl an address that begins with https://, without user, query or fragment."));

    public static AIImageException RegistrationInTheOpen(string name, string host) =>
        Invalid(Words.Of($"The address of {name} begins with http://, so the key would travel to {host} for all to read."), Words.Of("Give -BaseUrl an address that begins with https://."));

    public static AIImageException RegistrationUnreadable(string name, string path, Exception inner) =>
        Make(ImageErrorId.RecordInvalid, Words.Of($"What is known of the provider {Show(name)} cannot be read: '{Show(path)}' is damaged."),
            Words.Of($"Register it again (Register-AIImageProvider -Name {Show(name)} -Force …), or forget it: Unregister-AIImageProvider {Show(name)}"), e => e with { Provider = name }, inner);

    public static AIImageException KeyWayUnsupported(string name) =>
        Unsupported(name, Words.Of($"{name} wants its key in a way that is not supported here: in the address, in a cookie, or as user and password."), Words.Of("If it also takes the key in a header, name that with -KeyHeader."));

    public static AIImageException BaseUrlNeeded(string name, string document) =>
        Invalid(Words.Of($"The document '{Show(document)}' does not say where {name} is."), Words.Of("Add its address: -BaseUrl https://…"));

    public static AIImageException NoPlaceForId(string endpoint) =>
        Invalid(Words.Of($"'{Show(endpoint)}' is no path with a place for the id of a task."), Words.Of("Write it as the document does, below the base URL: -PollEndpoint 'GET /jobs/{id}'"));

    public static AIImageException NoWordForDone(string name, IEnumerable<string> states) =>
        Invalid(Words.Of($"None of the states that {name} names is known to mean that the pictures are ready: {Words.List(states.Select(Show))}. Nothing was registered."),
            Words.Of("Say which one does, and which one means that it failed: -DoneWord <word> -FailedWord <word>"));

    public static AIImageException ProviderGone(string provider, string? taskId, string runId, string recordPath) =>
        Make(ImageErrorId.NoProvider,
            taskId is null ? Words.Of($"The provider {Show(provider)}, which this run was ordered from, is not registered any more.") : Words.Of($"The provider {Show(provider)}, which works on the job {Show(taskId)}, is not registered any more."),
            Words.Of($"Register it again under the same name (Register-AIImageProvider -Name {Show(provider)} …), then type: Resume-AIImageTask -RunId {runId}"),
            e => e with { Provider = provider, TaskId = taskId, RunId = runId, RecordPath = recordPath, MayHaveBeenCharged = true });
}
