using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core;

/// <summary>Every failure the core raises by itself, with its id, its words and its remedy: one place to read them all.</summary>
internal static partial class Errors
{
    // The request
    public static AIImageException PromptMissing(ImageOperation operation) =>
        Invalid(Words.Of("There is no prompt: it is empty or blank."),
            operation == ImageOperation.Generate ? Words.Of("Say what the picture shows, for example: New-AIImage 'a lighthouse at dawn'.") : Words.Of("Say in -Prompt what is to be changed, for example: 'make it night'."));

    public static AIImageException SubjectMissing() =>
        Invalid(Words.Of("There is no subject: it is not said what is seen."), Words.Of("Give it first, for example: New-AIImagePrompt 'a lighthouse on a cliff' -Style watercolour."));

    public static AIImageException PromptNeeded(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} needs a prompt for this."), Words.Of("Say in -Prompt what the picture shows."), e => e with { Provider = provider });

    public static AIImageException ImageMissing(ImageOperation operation) =>
        Invalid(Words.Of($"There is no picture to work on ({operation})."), Words.Of("Give -Image the path or link of a picture, or pipe a file or a result."));

    public static AIImageException MaskMissing() =>
        Invalid(Words.Of("There is no mask: it is not clear which part is to be made anew."), Words.Of("Give -Mask a picture of the same size: white where it may change, black where it must stay."));

    public static AIImageException MaskUnused(ImageOperation operation) =>
        Invalid(Words.Of($"A mask means nothing here ({operation})."), Words.Of("Leave out -Mask, or use -Mode Inpaint."));

    public static AIImageException StyleImageMissing() =>
        Invalid(Words.Of("There is no picture whose look is to be taken over."), Words.Of("Give -StyleImage the path or link of a picture."));

    public static AIImageException MaskOfOtherSize(InputImage mask, InputImage image) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The mask has {mask.Info!.Width}x{mask.Info.Height} pixels, the picture {image.Info!.Width}x{image.Info.Height}: they must be the same."),
            Words.Of($"Make the mask {image.Info.Width}x{image.Info.Height} pixels large."));

    public static AIImageException StrengthOutOfRange(ImageOperation operation, double strength) =>
        Invalid(Words.Of($"-{(operation == ImageOperation.Vary ? "Variance" : "Strength")} is {strength}; it must be from 0 to 1."), Words.Of("0 leaves the picture as it is, 1 lets everything change; 0.5 is half way."));

    public static AIImageException ScaleUnknown(int scale) =>
        Invalid(Words.Of($"Scale is {scale}; it must be 2 or 4."), Words.Of("Give -Scale 2 or -Scale 4."));

    public static AIImageException MarginOutOfRange(string name, int pixels) =>
        Invalid(Words.Of($"{name} is {pixels}; it must be from 0 to {ImageRequest.MaxMargin}."), Words.Of($"Give -{name} a number of pixels from 0 to {ImageRequest.MaxMargin}."));

    public static AIImageException ExtentMissing() =>
        Invalid(Words.Of("It is not said where the picture is to be continued."), Words.Of("Give pixels with -Left, -Right, -Up, -Down, or the whole with -Size or -AspectRatio."));

    public static AIImageException ExtentGivenTwice() =>
        Invalid(Words.Of("The margins and the size of the whole were both given: they may not agree."), Words.Of("Give -Left, -Right, -Up, -Down, or else -Size or -AspectRatio."));

    public static AIImageException ExtentByResolution() =>
        Invalid(Words.Of("-Resolution does not say where the picture is to be continued."), Words.Of("Leave out -Resolution; give -Left, -Right, -Up, -Down, or -Size, or -AspectRatio."));

    public static AIImageException CountOutOfRange(int count) =>
        Invalid(Words.Of($"Count is {count}; it must be from 1 to {ImageRequest.MaxCount}."), Words.Of($"Give -Count a number from 1 to {ImageRequest.MaxCount}; pipe several prompts for more."));

    public static AIImageException SizeUnreadable(string text) =>
        Invalid(Words.Of($"'{Show(text)}' is not a size."), Words.Of("Write the size as width x height in pixels, for example -Size 1536x1024."));

    public static AIImageException RatioUnreadable(string text) =>
        Invalid(Words.Of($"'{Show(text)}' is not an aspect ratio."), Words.Of("Write the ratio as width:height, for example -AspectRatio 16:9."));

    public static AIImageException ResolutionUnreadable(string text) =>
        Invalid(Words.Of($"'{Show(text)}' is not a resolution."), Words.Of("Use -Resolution 1K, 2K or 4K, or give pixels with -Size."));

    public static AIImageException SizeGivenTwice() =>
        Invalid(Words.Of("-Size already says the resolution and the aspect ratio."), Words.Of("Leave out -Size, or leave out -Resolution and -AspectRatio."));

    public static AIImageException SizeTooLargeHere(ImageSize size, long most) =>
        Invalid(Words.Of($"A picture of {size} has more pixels than can be worked on here ({most}), and -ExactSize was given."), Words.Of("Leave out -ExactSize, or give a smaller size."));

    public static AIImageException ExactSizeOfNothing() =>
        Invalid(Words.Of("-ExactSize was given, but no size."), Words.Of("Say with -Size, -Resolution or -AspectRatio what is to be exact, or leave out -ExactSize."));

    public static AIImageException TransparentJpeg() =>
        Invalid(Words.Of("A JPEG cannot have a transparent background."), Words.Of("Use -Format png or webp with -Background Transparent."));

    public static AIImageException SeedNegative(long seed) =>
        Invalid(Words.Of($"Seed is {seed}; it must not be negative."), Words.Of("Give -Seed a whole number from 0 up, or leave it out."));

    public static AIImageException IdInvalid(string name, string id) =>
        Invalid(Words.Of($"'{Show(id)}' cannot be a {name}."), Words.Of($"Use up to 100 letters, digits, dots, dashes and underscores for -{name}."));

    public static AIImageException NameInvalid(string name) =>
        Invalid(Words.Of($"'{Show(name)}' cannot be a file name."), Words.Of("Give -Name a plain, short file name without folder or special characters; -OutputDirectory says the folder."));

    public static AIImageException TimeoutOutOfRange() =>
        Invalid(Words.Of("The wait must be longer than 0 seconds and at most a day."), Words.Of("Give -TimeoutSec a number of seconds from 1 to 86400."));

    public static AIImageException RunIdInUse(string runId, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"The run id '{runId}' exists already."), Words.Of($"To go on with that run type: Resume-AIImageTask -RunId {runId}. For a new run choose another -RunId or leave it out."),
            e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException RunBusy(string runId) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Run '{runId}' is being followed by another command."), Words.Of("Wait for that command to finish, or stop it; then try again."), e => e with { RunId = runId });

    public static AIImageException RowTaken(string runId, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Another command has begun this row of the batch: it is run '{runId}'. Nothing was sent for it here."),
            Words.Of("Wait for that command to finish, then type this one again: what is delivered is not ordered again."), e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException SeedOutOfRange(string provider, ModelRow model, long seed) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} takes no seed {seed}, or not for so many pictures: it takes {model.MinSeed} to {model.MaxSeed}, and each picture has the next."), Words.Of("Give another -Seed, or leave it out."), e => e with { Provider = provider });

    // Input images
    public static AIImageException NotAnImage(string path) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(path)}' is not a picture in a known format."), Words.Of("Give the path of a PNG, JPEG or WebP file."));

    public static AIImageException LinkWithPassword(Uri url) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The link to {Show(url.Host)} carries a user name and password. It is not used: it would be passed on and written down."), Words.Of("Download the picture yourself, then give its path."));

    public static AIImageException ImageIsFolder(string path) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(path)}' is a folder."), Words.Of("Give the path of a picture, or of several with a wildcard, such as photos/*.png."));

    public static AIImageException ImageTruncated(string path) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(path)}' is cut short: the file is not complete."), Words.Of("Save or download the picture again, then repeat the command."));

    public static AIImageException ImageUnreadable(string path, Exception inner) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(path)}' cannot be read: {Reason(inner)}."), Words.Of("Check that the file exists and that you may read it."), null, inner);

    public static AIImageException ImageUnsupported(InputImage image, string format, ModelRow model, IEnumerable<string> formats) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"{model.Id} does not take {format} pictures ('{Show(image.ToString())}')."), Words.Of($"Convert it to {Words.ListOr(formats)}."));

    public static AIImageException ImageNotWorkable(InputImage image, IEnumerable<string> formats) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(image.ToString())}' is a {image.Info!.Format} picture, and its pixels have to be changed before it can be sent."), Words.Of($"Convert it to {Words.ListOr(formats)}."));

    public static AIImageException ImageTurned(InputImage image) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(image.ToString())}' is stored turned, and only its metadata say so; its pixels have to be changed before it can be sent, and would go out lying."), Words.Of("Save it upright, with an image editor or with ImageMagick's -auto-orient, then give that."));

    public static AIImageException ImageOfWrongSize(InputImage image, ImageSize size, ModelRow model) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(image.ToString())}' would go in with {size} pixels; {model.Id} does not take that."), Words.Of($"It takes pictures of {model.Input}."));

    public static AIImageException SizeOfLinkUnknown(InputImage image) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The size of the picture behind '{Show(image.ToString())}' is not known here, and it decides what is asked for."), Words.Of("Save the picture first (Invoke-WebRequest -OutFile), then give the file."));

    public static AIImageException NothingToContinue(ImageSize from, ImageSize whole) =>
        Invalid(Words.Of($"The picture has {from} pixels; there is nothing to add to make it {whole}."), Words.Of($"Give a -Size larger than {from}, another -AspectRatio, or -Left, -Right, -Up, -Down."));

    public static AIImageException MarginTooWide(string provider, ModelRow model, int pixels, int limit) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} adds at most {limit} pixels on one side; {pixels} were asked for."), Words.Of($"Ask for {limit} pixels or less on each side, or continue the picture in two steps."), e => e with { Provider = provider });

    public static AIImageException StrictNotKept(string provider, ModelRow model) =>
        Make(ImageErrorId.Unsupported, model.MaxReferences == 0 ? Words.Of($"{model.Id} takes no reference images.") : Words.Of($"{model.Id} cannot promise that what the references show stays the same."),
            model.Needs.TryGetValue("References", out string? missing) ? Words.Of($"It could with {Words.OfData(missing)}, which that server does not have.") : Words.Of("Use -ConsistencyMode Balanced, or another model or provider."), e => e with { Provider = provider });

    public static AIImageException ImageTooLarge(InputImage image, long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(image.ToString())}' would go in with {bytes / 1048576.0:0.#} MB; {model.Id} takes at most {limit / 1048576.0:0.#} MB."), Words.Of("Make the picture smaller first."));

    public static AIImageException MaskTooLarge(InputImage mask, long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The mask '{Show(mask.ToString())}' would go in with {bytes / 1048576.0:0.#} MB; {model.Id} takes at most {limit / 1048576.0:0.#} MB."),
            Words.Of("Make it plain black and white, without shades, or make the picture and the mask smaller."));

    public static AIImageException ImagesTooLarge(long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The pictures that go in have {bytes / 1048576.0:0.#} MB together; {model.Id} takes at most {limit / 1048576.0:0.#} MB in all."), Words.Of("Give fewer or smaller pictures."));

    public static AIImageException MaskWithoutWhite(InputImage mask) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"The mask '{Show(mask.ToString())}' has nothing white in it: nothing may change."), Words.Of("Paint white what is to be made anew; black stays as it is."));

    // Choosing who and what
    public static AIImageException UnknownProvider(string name, IEnumerable<string> known) =>
        Invalid(Words.Of($"There is no provider called '{Show(name)}'."), Words.Of($"Use one of: {Words.List(known)}. Get-AIImageProvider shows what each can do."));

    public static AIImageException UnknownModel(string model, IReadOnlyList<string> similar) =>
        Invalid(Words.Of($"No provider has a model called '{Show(model)}'."), Words.Sentences(
            similar.Count > 0 ? Words.Of($"Similar: {Words.List(similar)}.") : null,
            Words.Of("Get-AIImageModel lists the models there are. For one that is newer than the catalogue say whose it is, for example: -Provider BFL -Model its-name")));

    public static AIImageException NotOnServer(string model, string provider, IEnumerable<string> known) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"The server of {provider} has no model called '{Show(model)}'."), Words.Of($"It has: {Words.List(known.Select(Show))}."), e => e with { Provider = provider });

    public static AIImageException NoModelName(string model, string provider) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{Show(model)}' cannot be the name of a model."), Words.Of("Get-AIImageModel lists the models there are. A name has letters, digits and - . _ / : alone."), e => e with { Provider = provider });

    // The user's own catalogue
    public static AIImageException CatalogueUnreadable(string path, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Your catalogue '{path}' cannot be read: {Reason(inner)}. Nothing was sent."), Words.Of("Let it be read, or move it away."), inner: inner);

    public static AIImageException CatalogueMistake(string path, string place, string what, string remedy, Exception? inner = null) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Your catalogue '{path}' has a mistake at {Show(place)}: {what} Nothing was sent."), remedy, inner: inner);

    public static AIImageException RetiredModel(ModelRow model) =>
        Invalid(Words.Of($"The model '{model.Id}' cannot be used: {Words.OfData(model.Retired!)}"), Words.Of("Choose another model, or leave out -Model."));

    public static AIImageException NoProvider(ImageOperation operation) =>
        Make(ImageErrorId.NoProvider, Words.Of($"No configured provider can do this ({operation})."),
            Words.Of("Set the key of a provider, for example $env:OPENAI_API_KEY or $env:BFL_API_KEY (Get-AIImageProvider lists them), or try it offline and free: New-AIImage 'a lighthouse' -Provider Demo"));

    public static AIImageException NothingRecommended(ImageUseCase useCase, ImageOperation operation) =>
        Make(ImageErrorId.NoProvider, Words.Of($"No configured provider can be recommended for {Recommendation.Purpose(useCase)} ({operation})."), UseCaseRemedy(useCase));

    public static AIImageException NotRecommended(string provider, ImageUseCase useCase) =>
        Unsupported(provider, Words.Of($"{provider} cannot be recommended for {Recommendation.Purpose(useCase)}."), UseCaseRemedy(useCase));

    // The one use case that is a promise.
    private static string UseCaseRemedy(ImageUseCase useCase) => useCase == ImageUseCase.Privacy
        ? Words.Of("Words and pictures would go to a provider's computers. For a server of your own set $env:STABLE_DIFFUSION_LOCAL_BASE_URL to its address; to go on without that promise leave out -UseCase.")
        : Words.Of("Leave out -UseCase, or set the key of a provider (Get-AIImageProvider lists them).");

    public static AIImageException CredentialMissing(Providers.ProviderProfile profile) =>
        Make(ImageErrorId.CredentialMissing, profile.CredentialNames.Count > 1
                ? Words.Of($"There is no key for {profile.Id}: {Words.ListAnd(profile.CredentialNames)} are not set.")
                : Words.Of($"There is no key for {profile.Id}: {profile.CredentialNames[0]} is not set."),
            profile.KeyRequest is { } request
                ? Words.Of($"{request} $env:{profile.CredentialNames[0]} = 'your key'")
                : Words.Of($"Get a key at {profile.KeyPage}, then type: $env:{profile.CredentialNames[0]} = 'your key'"), e => e with { Provider = profile.Id });

    public static AIImageException KeyUnreadable(Providers.ProviderProfile profile, string source) =>
        Make(ImageErrorId.CredentialMissing, Words.Of($"The key for {profile.Id} ({source}) has characters that no key has: it was not copied right."), Words.Of($"Copy it again from {profile.KeyPage}."), e => e with { Provider = profile.Id });

    public static AIImageException KeyUnwritable(string path, Exception inner) =>
        // A reader's own words may quote what is in the file.
        Make(ImageErrorId.ArtifactWriteFailed, inner is IOException or UnauthorizedAccessException
                ? Words.Of($"The key in '{Show(path)}' cannot be changed: {Reason(inner)}. The file is as it was.")
                : Words.Of($"The key in '{Show(path)}' cannot be changed: what is in the file is no JSON. The file is as it was."),
            Words.Of("See that you may write there, or correct the file."), null, inner is IOException or UnauthorizedAccessException ? inner : null);

    public static AIImageException BaseUrlInvalid(Providers.ProviderProfile profile, string value)
    {
        // The value may carry a password, so it is not shown.
        bool carries = Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0);
        return Invalid(
            !carries ? Words.Of($"{profile.BaseUrlVariable} holds no web address.")
                : profile.KeyInBaseUrl ? Words.Of($"The address in {profile.BaseUrlVariable} goes on after its path, with ? or #.")
                : Words.Of($"The address in {profile.BaseUrlVariable} carries a user name, or goes on after its path, with ? or #."),
            Words.Of($"Set it to an address such as {profile.BaseUrl.OriginalString}, or remove it: Remove-Item Env:{profile.BaseUrlVariable}"));
    }

    public static AIImageException AddressMissing(Providers.ProviderProfile profile) =>
        Make(ImageErrorId.NoProvider, Words.Of($"Where {profile.Id} runs is not known: {profile.BaseUrlVariable} is not set."),
            Words.Of($"Start your server, then type its address: $env:{profile.BaseUrlVariable} = '{profile.BaseUrl.OriginalString}'"), e => e with { Provider = profile.Id });

    public static AIImageException Blocked(string provider) =>
        Unsupported(provider, Words.Of($"{provider} is blocked."), Words.Of("Leave out -BlockedProvider, or choose another provider. A stored block is shown by Get-AIImagePreference."));

    // Preferences
    public static AIImageException PreferenceInvalid(string source, string key, string value, string expects) =>
        Invalid(Words.Of($"The preference {key} is {Show(value)}; it must be {expects} ({source}). Nothing was sent."), Words.Of("Correct it, or take it away."));

    public static AIImageException PreferenceUnknown(string source, string key, IEnumerable<string> known) =>
        Invalid(Words.Of($"There is no preference called '{Show(key)}' ({source}). Nothing was sent."), Words.Of($"Use one of: {Words.List(known)}."));

    public static AIImageException PreferencesUnreadable(string path, string reason, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"The preferences in '{Show(path)}' cannot be read: {Show(reason)} Nothing was sent."), Words.Of("Correct the file, or delete it."), null, inner);

    public static AIImageException PreferencesUnwritable(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"The preferences in '{Show(path)}' cannot be written: {Reason(inner)}."), Words.Of("Set $env:PSIMAGEGEN_STATE to a folder that you may write to."), null, inner);

    public static AIImageException NobodyPreferred() =>
        Invalid(Words.Of("-OnlyPreferred was given, and nobody is preferred."), Words.Of("Name them with -PreferredProvider, or store them: Set-AIImagePreference -Preferred <providers>."));

    public static AIImageException WeightsAllZero(IEnumerable<string> providers) =>
        Invalid(Words.Of($"All providers that could do this have the weight 0: {Words.List(providers)}."), Words.Of("Give one of them a weight above 0, or name one with -Provider."));

    // What a model can do
    public static AIImageException Unsupported(string provider, string what, string remedy) =>
        Make(ImageErrorId.Unsupported, what, remedy, e => e with { Provider = provider });

    public static AIImageException OperationUnsupported(string provider, ImageOperation operation, IReadOnlyList<string> others, ModelRow? retired = null) =>
        Unsupported(provider, retired is null
                ? Words.Of($"{provider} cannot do this ({operation}).")
                : Words.Of($"{provider} cannot do this ({operation}). Its model {retired.Id} cannot be used: {Words.OfData(retired.Retired!)}"),
            others.Count > 0 ? Words.Of($"These configured providers can: {Words.List(others)}.") : Words.Of("Get-AIImageProvider shows which providers can."));

    public static AIImageException NotOffered(string provider, ModelRow model, string parameter, string value, IEnumerable<string> offered)
    {
        string[] choices = [.. offered];
        return Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} has no {parameter} '{Show(value)}'."),
            choices.Length > 0 ? Words.Of($"It offers: {Words.List(choices)}.") : Words.Of($"Leave out -{parameter}."), e => e with { Provider = provider });
    }

    public static AIImageException SizeNotOffered(string provider, ModelRow model, ImageSize size, string rule) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} does not make pictures of {size}."), Words.Of($"It makes: {rule}."), e => e with { Provider = provider });

    public static AIImageException SizeNotMadeHere(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} makes only {Words.ListAnd(model.Formats.Select(f => f.ToString().ToLowerInvariant()))} files, and those cannot be brought to an exact size here."),
            Words.Of("Leave out -ExactSize, or choose another model."), e => e with { Provider = provider });

    public static AIImageException PromptTooLong(string provider, ModelRow model, int length, int limit) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"The prompt has {length} characters; {model.Id} takes at most {limit}."), Words.Of($"Shorten the prompt to {limit} characters."), e => e with { Provider = provider });

    public static AIImageException TooManyReferences(string provider, ModelRow model, int count, int limit) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} takes at most {limit} reference images; {count} were given."), Words.Of("Give fewer reference images."), e => e with { Provider = provider });

    public static AIImageException TooManyImages(string provider, ModelRow model, int count, int limit) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} takes at most {limit} pictures in all; {count} were given."), Words.Of("Give fewer reference images, or choose another model."), e => e with { Provider = provider });

    public static AIImageException ReferenceNeeded(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} makes nothing from words alone."), Words.Of("Give -ReferenceImage a picture to follow, or choose another model."), e => e with { Provider = provider });

    public static AIImageException EnlargedTooMuch(string provider, ModelRow model, ImageSize size) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} makes about {model.EnlargesTo / 1_000_000} megapixels at most; {size} is more."), Words.Of("Give a smaller -Scale, or choose another model."), e => e with { Provider = provider });

    public static AIImageException ServerLacks(string provider, ImageOperation operation, string what, IReadOnlyList<string> others) =>
        Unsupported(provider, Words.Of($"{provider} can do this ({operation}) only with {Words.OfData(what)}, which that server does not have."),
            others.Count > 0 ? Words.Of($"Install it there, or use one of the configured providers that can: {Words.List(others)}.") : Words.Of("Install it there."));

    public static AIImageException UnknownOption(string provider, ModelRow model, string option, IEnumerable<string> known) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"{model.Id} has no option '{Show(option)}' that may be set with -ProviderOption."),
            known.Any() ? Words.Sentences(SimilarNames.To(option, known, parts: true) is { Count: > 0 } similar ? Words.Of($"Similar: {Words.List(similar)}.") : null, Words.Of($"It has: {Words.List(known)}.")) : Words.Of("Leave out -ProviderOption."),
            e => e with { Provider = provider });

    public static AIImageException OptionsMissing(string provider, ModelRow model, IReadOnlyList<string> options) =>
        Make(ImageErrorId.InvalidRequest,
            options is [var one] ? Words.Of($"{model.Id} needs the option '{one}': {Words.OfData(model.Options[one].ToString())}.")
                : Words.Of($"{model.Id} needs the options {Words.ListAnd(options.Select(o => $"{o} ({model.Options[o]})"))}."),
            Words.Of($"Add it: -ProviderOption @{{ {string.Join("; ", options.Select(o => $"{o} = '…'"))} }}"), e => e with { Provider = provider });

    public static AIImageException OptionIsParameter(string provider, ModelRow model, string option, string parameter) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{option}' of {model.Id} is set with {parameter}, not with -ProviderOption."), Words.Of($"Leave it out of -ProviderOption and give {parameter}."), e => e with { Provider = provider });

    public static AIImageException OptionGivenTwice(string provider, string option, string parameter) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"'{option}' in -ProviderOption and {parameter} say the same thing: it is not clear which one is meant."), Words.Of("Give one of the two."), e => e with { Provider = provider });

    public static AIImageException OptionValue(string provider, ModelRow model, string option, string rule) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"The value of the option '{option}' is not right for {model.Id}."), Words.Of($"It must be {rule}."), e => e with { Provider = provider });

    public static AIImageException NoWaitUnsupported(string provider) =>
        Unsupported(provider, Words.Of($"{provider} answers with the picture itself: there is nothing to come back to, so -NoWait cannot work."), Words.Of("Leave out -NoWait, or use Start-ThreadJob to work in the background."));

    public static AIImageException NoTasks(string provider) =>
        Unsupported(provider, Words.Of($"{provider} answers with the picture itself: it gives no task ids to come back to."), Words.Of("Give the run id or the result.json of the run."));

    public static AIImageException CannotCancel(string provider, string taskId, string runId, string recordPath) =>
        Make(ImageErrorId.Unsupported, Words.Of($"{provider} has no way to cancel a job: {taskId} goes on there, and is billed."), Words.Of($"To fetch the picture that is paid for type: Resume-AIImageTask -RunId {runId}"),
            e => e with { Provider = provider, TaskId = taskId, RunId = runId, RecordPath = recordPath, MayHaveBeenCharged = true });

    // Money
    public static AIImageException BudgetExceeded(Quote quote, decimal cost, (string Name, string Remedy) which, decimal most, decimal left) =>
        Make(ImageErrorId.BudgetExceeded, Words.Of($"This call may cost {cost:0.####} USD, and of {which.Name} ({most:0.####} USD) {left:0.####} USD are left. Nothing was sent."),
            Words.Of($"{which.Remedy} Or ask for fewer, smaller or simpler pictures. Measure-AIImageCost shows the price of a call, and with -Recorded what was spent."), e => e with { Provider = quote.Provider });

    public static AIImageException BudgetUnknown(Quote quote, string which) =>
        Make(ImageErrorId.BudgetExceeded, Words.Of($"The price of {quote.Model} at {quote.Provider} is not known in US dollars, so {which} cannot be kept. Nothing was sent."),
            Words.Of("Add -AllowUnknownCost to go on all the same, or choose a model with a known price."), e => e with { Provider = quote.Provider });

    public static AIImageException NotInQuestion(Quote quote) =>
        Make(ImageErrorId.ConsentRequired, Words.Of($"A call at {quote.Provider} ({quote.Model}) is not as it was agreed to: more of them, at a higher price, or at another place. It was not made."),
            Words.Of("Type the same command again: what is there already is not ordered again, and the question tells what the rest costs now."), e => e with { Provider = quote.Provider });

    // Characters
    public static AIImageException DescriptionMissing() =>
        Invalid(Words.Of("There is no description of the character."), Words.Of("Say what it looks like, for example: New-AICharacterSheet -Name Mira -Description 'a young woman with short red hair and a green coat'."));

    public static AIImageException PlaceTwice(string label) =>
        Invalid(Words.Of($"'{Show(label)}' is on the sheet twice."), Words.Of("Name each expression and each angle once."));

    public static AIImageException PlaceBlank() =>
        Invalid(Words.Of("An expression or angle is blank."), Words.Of("Leave it out, or say what it shows."));

    public static AIImageException TooManyPlaces(int most) =>
        Invalid(Words.Of($"A character sheet has at most {most} expressions and angles."), Words.Of("Name fewer of them."));

    public static AIImageException NoReferences(Quote quote) =>
        Unsupported(quote.Provider, Words.Of($"{quote.Model} takes no reference images, so each picture would show somebody else. Nothing was sent."),
            Words.Of("Choose another provider or model: Get-AIImageModel | Where-Object MaxReferences -gt 0 lists those that follow a portrait."));

    public static AIImageException PassportUnreadable(string path, Exception? inner) =>
        Make(ImageErrorId.RecordInvalid, inner is IOException or UnauthorizedAccessException ? Words.Of($"The passport '{Show(path)}' cannot be read: {Reason(inner)}.") : Words.Of($"'{Show(path)}' is no passport of a character, or is damaged."),
            Words.Of("Give -Character the .character.json that New-AICharacterSheet wrote. The same command writes it again at no cost."), null, inner);

    public static AIImageException PortraitGone(string path, string name, bool exists) =>
        Make(ImageErrorId.InvalidImage, exists ? Words.Of($"'{Show(path)}' is another picture now than the portrait of {Show(name)} that the passport names. Nothing was sent.") : Words.Of($"The portrait of {Show(name)} is gone: '{Show(path)}'. Nothing was sent."),
            Words.Of("Put it back there, or make a sheet from another portrait: New-AICharacterSheet -Portrait."));

    // Ledger and files
    public static AIImageException CannotWrite(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"'{Show(path)}' cannot be written: {Reason(inner)}."), Words.Of("Choose a folder that you may write to with -OutputDirectory."), null, inner);

    public static AIImageException BookingsUnreadable(string path, Exception inner) =>
        Make(ImageErrorId.RecordInvalid, Words.Of($"What was spent on a day that is over cannot be read from '{Show(path)}': {Reason(inner)}."),
            Words.Of("Bring the file back from a backup, or move it away: what is in it then counts no longer."), inner: inner);

    public static AIImageException NotAFolder(string path) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"'{Show(path)}' is a file, not a folder."), Words.Of("Choose a folder with -OutputDirectory."));

    public static AIImageException DiskFull(string path, long free, long needed) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"The disk of '{Show(path)}' has {free / 1048576.0:0.#} MB free; about {needed / 1048576.0:0.#} MB are needed for these pictures. Nothing was sent."),
            Words.Of("Free some space, or choose a folder on another disk with -OutputDirectory."));

    public static AIImageException KeptElsewhere(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, Words.Of($"The disk is full: {Reason(inner)}. The picture is whole and kept at '{path}'."), Words.Of("Free some space, then go on with Resume-AIImageTask."),
            e => e with { MayHaveBeenCharged = true }, inner);

    public static AIImageException RecordUnreadable(string path, Exception? inner) =>
        Make(ImageErrorId.RecordInvalid,
            inner is IOException or UnauthorizedAccessException ? Words.Of($"'{Show(path)}' cannot be read: {Reason(inner)}.") : Words.Of($"'{Show(path)}' is no record of a run, or is damaged."),
            Tasks.RunFolder.OfRecord(path) is { } folder && File.Exists(path)
                ? Words.Of($"The file {Path.GetFileName(folder.SummaryPath)} beside it names the task, if there is one: Resume-AIImageTask -TaskId <its id> -Provider <its provider> fetches the picture. To forget the record: Remove-AIImageTask '{path.Replace("'", "''", StringComparison.Ordinal)}' -Force")
                : Words.Of("Give the result.json of a run, or its -RunId. Get-AIImageTask lists the runs of a folder."),
            e => e with { RecordPath = path }, inner);

    public static AIImageException NothingUnknown(string runId, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Nothing of run '{runId}' is unknown, so there is nothing to send again."), Words.Of($"Leave out -Resubmit: Resume-AIImageTask -RunId {runId}."), e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException ImageReplaced(string path, string runId) =>
        Make(ImageErrorId.InvalidImage, Words.Of($"'{Show(path)}' is another picture now than the one run '{runId}' was ordered with. Nothing was sent."), Words.Of("Put the first one back there, then type the command again; or order a new run with this one."), e => e with { RunId = runId });

    public static AIImageException NotFinished(string runId, ImageTaskStatus status, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, Words.Of($"Run '{runId}' is {status}: its record is the only way back to what may be paid for."), Words.Of($"Go on with it: Resume-AIImageTask -RunId {runId}. To forget it all the same add -Force."), e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException RunNotFound(string id) =>
        Make(ImageErrorId.NotFound, Words.Of($"No run or task '{Show(id)}' is known here."), Words.Of("Look with Get-AIImageTask -OutputDirectory <folder of the pictures> or -All. A task made elsewhere is fetched with: Resume-AIImageTask -TaskId <its id> -Provider <its provider>"));

    public static AIImageException Unexpected(Exception inner) =>
        Make(ImageErrorId.InvalidResponse, Words.Of($"Something happened that should not: {inner.GetType().Name}: {Show(inner.Message)}"), Words.Of("What is known of the run is on its record. Please report this."), null, inner);

    public static AIImageException TaskNotListed(string provider, string taskId) =>
        Make(ImageErrorId.NotFound, Words.Of($"{provider} does not know a task '{Show(taskId)}', or no longer."), Words.Of("Check the id, and that the key is of the account that ordered it. Where you have the provider's own link to the task, give that in place of the id."), e => e with { Provider = provider, TaskId = taskId });

    private static AIImageException Invalid(string message, string recommendation) => Make(ImageErrorId.InvalidRequest, message, recommendation);

    private static AIImageException Make(ImageErrorId id, string message, string recommendation, Func<ImageError, ImageError>? more = null, Exception? inner = null)
    {
        ImageError error = new() { Id = id, Message = message, Recommendation = recommendation };
        return new AIImageException(more is null ? error : more(error), inner);
    }

    // The system's own words where there are none here, without the path of a file nobody knows.
    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Words.Of("it is not there"),
        UnauthorizedAccessException => Words.Of("you are not allowed to"),
        _ => Show(e.Message.Split(" : '", 2)[0]).TrimEnd('.', '。'),
    };

    // Input is shown, but never long and never with control characters.
    private static string Show(string text) => Wire.PlainText.Clean(text, 120);
}
