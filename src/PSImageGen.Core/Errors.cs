using System.Globalization;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core;

/// <summary>Every failure the core raises by itself, with its id, its words and its remedy: one place to read them all.</summary>
internal static class Errors
{
    // The request
    public static AIImageException PromptMissing(ImageOperation operation) =>
        Invalid("There is no prompt: it is empty or blank.",
            operation == ImageOperation.Generate ? "Say what the picture shows, for example: New-AIImage 'a lighthouse at dawn'." : "Say in -Prompt what is to be changed, for example: 'make it night'.");

    public static AIImageException PromptNeeded(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} needs a prompt for this.", "Say in -Prompt what the picture shows.", e => e with { Provider = provider });

    public static AIImageException ImageMissing(ImageOperation operation) =>
        Invalid($"There is no picture to work on ({operation}).", "Give -Image the path or link of a picture, or pipe a file or a result.");

    public static AIImageException MaskMissing() =>
        Invalid("There is no mask: it is not clear which part is to be made anew.", "Give -Mask a picture of the same size: white where it may change, black where it must stay.");

    public static AIImageException MaskUnused(ImageOperation operation) =>
        Invalid($"A mask means nothing here ({operation}).", "Leave out -Mask, or use -Mode Inpaint.");

    public static AIImageException StyleImageMissing() =>
        Invalid("There is no picture whose look is to be taken over.", "Give -StyleImage the path or link of a picture.");

    public static AIImageException MaskOfOtherSize(InputImage mask, InputImage image) =>
        Make(ImageErrorId.InvalidImage, Text($"The mask has {mask.Info!.Width}x{mask.Info.Height} pixels, the picture {image.Info!.Width}x{image.Info.Height}: they must be the same."),
            Text($"Make the mask {image.Info.Width}x{image.Info.Height} pixels large."));

    public static AIImageException StrengthOutOfRange(ImageOperation operation, double strength) =>
        Invalid(Text($"{(operation == ImageOperation.Vary ? "Variance" : "Strength")} is {strength}; it must be from 0 to 1."), "0 leaves the picture as it is, 1 lets everything change; 0.5 is half way.");

    public static AIImageException ScaleUnknown(int scale) =>
        Invalid(Text($"Scale is {scale}; it must be 2 or 4."), "Give -Scale 2 or -Scale 4.");

    public static AIImageException MarginOutOfRange(string name, int pixels) =>
        Invalid(Text($"{name} is {pixels}; it must be from 0 to {ImageRequest.MaxMargin}."), Text($"Give -{name} a number of pixels from 0 to {ImageRequest.MaxMargin}."));

    public static AIImageException ExtentMissing() =>
        Invalid("It is not said where the picture is to be continued.", "Give pixels with -Left, -Right, -Up, -Down, or the whole with -Size or -AspectRatio.");

    public static AIImageException ExtentGivenTwice() =>
        Invalid("The margins and the size of the whole were both given: they may not agree.", "Give -Left, -Right, -Up, -Down, or else -Size or -AspectRatio.");

    public static AIImageException ExtentByResolution() =>
        Invalid("-Resolution does not say where the picture is to be continued.", "Leave out -Resolution; give -Left, -Right, -Up, -Down, or -Size, or -AspectRatio.");

    public static AIImageException CountOutOfRange(int count) =>
        Invalid(Text($"Count is {count}; it must be from 1 to {ImageRequest.MaxCount}."), Text($"Give -Count a number from 1 to {ImageRequest.MaxCount}; pipe several prompts for more."));

    public static AIImageException SizeUnreadable(string text) =>
        Invalid($"'{Show(text)}' is not a size.", "Write the size as width x height in pixels, for example -Size 1536x1024.");

    public static AIImageException RatioUnreadable(string text) =>
        Invalid($"'{Show(text)}' is not an aspect ratio.", "Write the ratio as width:height, for example -AspectRatio 16:9.");

    public static AIImageException ResolutionUnreadable(string text) =>
        Invalid($"'{Show(text)}' is not a resolution.", "Use -Resolution 1K, 2K or 4K, or give pixels with -Size.");

    public static AIImageException SizeGivenTwice() =>
        Invalid("-Size already says the resolution and the aspect ratio.", "Leave out -Size, or leave out -Resolution and -AspectRatio.");

    public static AIImageException SizeTooLargeHere(ImageSize size, long most) =>
        Invalid(Text($"A picture of {size} has more pixels than can be worked on here ({most}), and -ExactSize was given."), "Leave out -ExactSize, or give a smaller size.");

    public static AIImageException ExactSizeOfNothing() =>
        Invalid("-ExactSize was given, but no size.", "Say with -Size, -Resolution or -AspectRatio what is to be exact, or leave out -ExactSize.");

    public static AIImageException TransparentJpeg() =>
        Invalid("A JPEG cannot have a transparent background.", "Use -Format png or webp with -Background Transparent.");

    public static AIImageException SeedNegative(long seed) =>
        Invalid(Text($"Seed is {seed}; it must not be negative."), "Give -Seed a whole number from 0 up, or leave it out.");

    public static AIImageException IdInvalid(string name, string id) =>
        Invalid($"'{Show(id)}' cannot be a {name}.", $"Use up to 100 letters, digits, dots, dashes and underscores for -{name}.");

    public static AIImageException NameInvalid(string name) =>
        Invalid($"'{Show(name)}' cannot be a file name.", "Give -Name a plain, short file name without folder or special characters; -OutputDirectory says the folder.");

    public static AIImageException TimeoutOutOfRange() =>
        Invalid("The wait must be longer than 0 seconds and at most a day.", "Give -TimeoutSec a number of seconds from 1 to 86400.");

    public static AIImageException RunIdInUse(string runId, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, $"The run id '{runId}' exists already.", $"To go on with that run type: Resume-AIImageTask -RunId {runId}. For a new run choose another -RunId or leave it out.",
            e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException RunBusy(string runId) =>
        Make(ImageErrorId.InvalidRequest, $"Run '{runId}' is being followed by another command.", "Wait for that command to finish, or stop it; then try again.", e => e with { RunId = runId });

    public static AIImageException SeedOutOfRange(string provider, ModelRow model, long seed) =>
        Make(ImageErrorId.InvalidRequest, Text($"{model.Id} takes no seed {seed}, or not for so many pictures: it takes {model.MinSeed} to {model.MaxSeed}, and each picture has the next."), "Give another -Seed, or leave it out.", e => e with { Provider = provider });

    // Input images
    public static AIImageException NotAnImage(string path) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(path)}' is not a picture in a known format.", "Give the path of a PNG, JPEG or WebP file.");

    public static AIImageException LinkWithPassword(Uri url) =>
        Make(ImageErrorId.InvalidImage, $"The link to {Show(url.Host)} carries a user name and password. It is not used: it would be passed on and written down.", "Download the picture yourself, then give its path.");

    public static AIImageException ImageIsFolder(string path) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(path)}' is a folder.", "Give the path of a picture, or of several with a wildcard, such as photos/*.png.");

    public static AIImageException ImageTruncated(string path) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(path)}' is cut short: the file is not complete.", "Save or download the picture again, then repeat the command.");

    public static AIImageException ImageUnreadable(string path, Exception inner) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(path)}' cannot be read: {inner.Message}", "Check that the file exists and that you may read it.", null, inner);

    public static AIImageException ImageUnsupported(InputImage image, string format, ModelRow model, IEnumerable<string> formats) =>
        Make(ImageErrorId.InvalidImage, $"{model.Id} does not take {format} pictures ('{Show(image.ToString())}').", $"Convert it to {string.Join(" or ", formats)}.");

    public static AIImageException ImageNotWorkable(InputImage image, IEnumerable<string> formats) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(image.ToString())}' is a {image.Info!.Format} picture, and its pixels have to be changed before it can be sent.", $"Convert it to {string.Join(" or ", formats)}.");

    public static AIImageException ImageTurned(InputImage image) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(image.ToString())}' is stored turned, and only its metadata say so; its pixels have to be changed before it can be sent, and would go out lying.", "Save it upright, with an image editor or with ImageMagick's -auto-orient, then give that.");

    public static AIImageException ImageOfWrongSize(InputImage image, ImageSize size, ModelRow model) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(image.ToString())}' would go in with {size} pixels; {model.Id} does not take that.", $"It takes pictures of {model.Input}.");

    public static AIImageException SizeOfLinkUnknown(InputImage image) =>
        Make(ImageErrorId.InvalidImage, $"The size of the picture behind '{Show(image.ToString())}' is not known here, and it decides what is asked for.", "Save the picture first (Invoke-WebRequest -OutFile), then give the file.");

    public static AIImageException NothingToContinue(ImageSize from, ImageSize whole) =>
        Invalid($"The picture has {from} pixels; there is nothing to add to make it {whole}.", $"Give a -Size larger than {from}, another -AspectRatio, or -Left, -Right, -Up, -Down.");

    public static AIImageException MarginTooWide(string provider, ModelRow model, int pixels, int limit) =>
        Make(ImageErrorId.InvalidRequest, Text($"{model.Id} adds at most {limit} pixels on one side; {pixels} were asked for."), Text($"Ask for {limit} pixels or less on each side, or continue the picture in two steps."), e => e with { Provider = provider });

    public static AIImageException StrictNotKept(string provider, ModelRow model) =>
        Make(ImageErrorId.Unsupported, model.MaxReferences == 0 ? $"{model.Id} takes no reference images." : $"{model.Id} cannot promise that what the references show stays the same.",
            model.Needs.TryGetValue("References", out string? missing) ? $"It could with {missing}, which that server does not have." : "Use -ConsistencyMode Balanced, or another model or provider.", e => e with { Provider = provider });

    public static AIImageException ImageTooLarge(InputImage image, long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Text($"'{Show(image.ToString())}' would go in with {bytes / 1048576.0:0.#} MB; {model.Id} takes at most {limit / 1048576.0:0.#} MB."), "Make the picture smaller first.");

    public static AIImageException MaskTooLarge(InputImage mask, long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Text($"The mask '{Show(mask.ToString())}' would go in with {bytes / 1048576.0:0.#} MB; {model.Id} takes at most {limit / 1048576.0:0.#} MB."),
            "Make it plain black and white, without shades, or make the picture and the mask smaller.");

    public static AIImageException ImagesTooLarge(long bytes, ModelRow model, long limit) =>
        Make(ImageErrorId.InvalidImage, Text($"The pictures that go in have {bytes / 1048576.0:0.#} MB together; {model.Id} takes at most {limit / 1048576.0:0.#} MB in all."), "Give fewer or smaller pictures.");

    public static AIImageException MaskWithoutWhite(InputImage mask) =>
        Make(ImageErrorId.InvalidImage, $"The mask '{Show(mask.ToString())}' has nothing white in it: nothing may change.", "Paint white what is to be made anew; black stays as it is.");

    // Choosing who and what
    public static AIImageException UnknownProvider(string name, IEnumerable<string> known) =>
        Invalid($"There is no provider called '{Show(name)}'.", $"Use one of: {string.Join(", ", known)}. Get-AIImageProvider shows what each can do.");

    public static AIImageException UnknownModel(string model) =>
        Invalid($"No provider has a model called '{Show(model)}'.",
            "Get-AIImageModel lists the models there are. For one that is newer than the catalogue say whose it is, for example: -Provider BFL -Model its-name");

    public static AIImageException NotOnServer(string model, string provider, IEnumerable<string> known) =>
        Make(ImageErrorId.InvalidRequest, $"The server of {provider} has no model called '{Show(model)}'.", $"It has: {string.Join(", ", known.Select(Show))}.", e => e with { Provider = provider });

    public static AIImageException NoModelName(string model, string provider) =>
        Make(ImageErrorId.InvalidRequest, $"'{Show(model)}' cannot be the name of a model.", "Get-AIImageModel lists the models there are. A name has letters, digits and - . _ / : alone.", e => e with { Provider = provider });

    // The user's own catalogue
    public static AIImageException CatalogueUnreadable(string path, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, $"Your catalogue '{path}' cannot be read: {Reason(inner)}. Nothing was sent.", "Let it be read, or move it away.", inner: inner);

    public static AIImageException CatalogueMistake(string path, string place, string what, string remedy, Exception? inner = null) =>
        Make(ImageErrorId.InvalidRequest, $"Your catalogue '{path}' has a mistake at {Show(place)}: {what} Nothing was sent.", remedy, inner: inner);

    public static AIImageException RetiredModel(ModelRow model) =>
        Invalid($"The model '{model.Id}' cannot be used: {model.Retired}", "Choose another model, or leave out -Model.");

    public static AIImageException NoProvider(ImageOperation operation) =>
        Make(ImageErrorId.NoProvider, $"No configured provider can do this ({operation}).",
            "Set the key of a provider, for example $env:OPENAI_API_KEY or $env:BFL_API_KEY (Get-AIImageProvider lists them), or try it offline and free: New-AIImage 'a lighthouse' -Provider Demo");

    public static AIImageException NothingRecommended(ImageUseCase useCase, ImageOperation operation) =>
        Make(ImageErrorId.NoProvider, $"No configured provider can be recommended for {Recommendation.Purpose(useCase)} ({operation}).", UseCaseRemedy(useCase));

    public static AIImageException NotRecommended(string provider, ImageUseCase useCase) =>
        Unsupported(provider, $"{provider} cannot be recommended for {Recommendation.Purpose(useCase)}.", UseCaseRemedy(useCase));

    // The one use case that is a promise.
    private static string UseCaseRemedy(ImageUseCase useCase) => useCase == ImageUseCase.Privacy
        ? "Words and pictures would go to a provider's computers. For a server of your own set $env:STABLE_DIFFUSION_LOCAL_BASE_URL to its address; to go on without that promise leave out -UseCase."
        : "Leave out -UseCase, or set the key of a provider (Get-AIImageProvider lists them).";

    public static AIImageException CredentialMissing(Providers.ProviderProfile profile) =>
        Make(ImageErrorId.CredentialMissing, $"There is no key for {profile.Id}: {string.Join(" and ", profile.CredentialNames)} {(profile.CredentialNames.Count > 1 ? "are" : "is")} not set.",
            $"{profile.KeyRequest ?? $"Get a key at {profile.KeyPage}, then type:"} $env:{profile.CredentialNames[0]} = 'your key'.", e => e with { Provider = profile.Id });

    public static AIImageException KeyUnreadable(Providers.ProviderProfile profile, string source) =>
        Make(ImageErrorId.CredentialMissing, $"The key for {profile.Id} ({source}) has characters that no key has: it was not copied right.", $"Copy it again from {profile.KeyPage}.", e => e with { Provider = profile.Id });

    public static AIImageException KeyUnwritable(string path, Exception inner) =>
        // A reader's own words may quote what is in the file.
        Make(ImageErrorId.ArtifactWriteFailed, $"The key in '{Show(path)}' cannot be changed: {(inner is IOException or UnauthorizedAccessException ? Reason(inner) : "what is in the file is no JSON")}. The file is as it was.",
            "See that you may write there, or correct the file.", null, inner is IOException or UnauthorizedAccessException ? inner : null);

    public static AIImageException BaseUrlInvalid(Providers.ProviderProfile profile, string value)
    {
        // The value may carry a password, so it is not shown.
        string parts = profile.KeyInBaseUrl ? "query or fragment" : "user, query or fragment";
        return Invalid(Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
                ? $"The address in {profile.BaseUrlVariable} carries a {parts}." : $"{profile.BaseUrlVariable} holds no web address.",
            $"Set it to an address that begins with http:// or https://, without {parts}, or remove it: Remove-Item Env:{profile.BaseUrlVariable}.");
    }

    public static AIImageException AddressMissing(Providers.ProviderProfile profile) =>
        Make(ImageErrorId.NoProvider, $"Where {profile.Id} runs is not known: {profile.BaseUrlVariable} is not set.",
            $"Start your server, then type its address: $env:{profile.BaseUrlVariable} = '{profile.BaseUrl.OriginalString}'", e => e with { Provider = profile.Id });

    public static AIImageException Blocked(string provider) =>
        Unsupported(provider, $"{provider} is blocked.", "Leave out -BlockedProvider, or choose another provider. A stored block is shown by Get-AIImagePreference.");

    // Preferences
    public static AIImageException PreferenceInvalid(string source, string key, string value, string expects) =>
        Invalid($"The preference {key} is {Show(value)}, which is not {expects} ({source}). Nothing was sent.", $"Make it {expects}, or take it away.");

    public static AIImageException PreferenceUnknown(string source, string key, IEnumerable<string> known) =>
        Invalid($"There is no preference called '{Show(key)}' ({source}). Nothing was sent.", $"Use one of: {string.Join(", ", known)}.");

    public static AIImageException PreferencesUnreadable(string path, string reason, Exception inner) =>
        Make(ImageErrorId.InvalidRequest, $"The preferences in '{Show(path)}' cannot be read: {Show(reason)} Nothing was sent.", "Correct the file, or delete it.", null, inner);

    public static AIImageException PreferencesUnwritable(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, $"The preferences in '{Show(path)}' cannot be written: {Reason(inner)}.", "Set $env:PSIMAGEGEN_STATE to a folder that you may write to.", null, inner);

    public static AIImageException NobodyPreferred() =>
        Invalid("-OnlyPreferred was given, and nobody is preferred.", "Name them with -PreferredProvider, or store them: Set-AIImagePreference -Preferred <providers>.");

    public static AIImageException WeightsAllZero(IEnumerable<string> providers) =>
        Invalid($"All providers that could do this have the weight 0: {string.Join(", ", providers)}.", "Give one of them a weight above 0, or name one with -Provider.");

    // What a model can do
    public static AIImageException Unsupported(string provider, string what, string remedy) =>
        Make(ImageErrorId.Unsupported, what, remedy, e => e with { Provider = provider });

    public static AIImageException OperationUnsupported(string provider, ImageOperation operation, IReadOnlyList<string> others, ModelRow? retired = null) =>
        Unsupported(provider, $"{provider} cannot do this ({operation}).{(retired is null ? string.Empty : $" Its model {retired.Id} cannot be used: {retired.Retired}")}",
            others.Count > 0 ? $"These configured providers can: {string.Join(", ", others)}." : "Get-AIImageProvider shows which providers can.");

    public static AIImageException NotOffered(string provider, ModelRow model, string parameter, string value, IEnumerable<string> offered)
    {
        string[] choices = [.. offered];
        return Make(ImageErrorId.InvalidRequest, $"{model.Id} has no {parameter} '{Show(value)}'.",
            choices.Length > 0 ? $"It offers: {string.Join(", ", choices)}." : $"Leave out -{parameter}.", e => e with { Provider = provider });
    }

    public static AIImageException SizeNotOffered(string provider, ModelRow model, ImageSize size, string rule) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} does not make pictures of {size}.", $"It makes {rule}.", e => e with { Provider = provider });

    public static AIImageException SizeNotMadeHere(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} makes only {string.Join(" and ", model.Formats.Select(f => f.ToString().ToLowerInvariant()))} files, and those cannot be brought to an exact size here.",
            "Leave out -ExactSize, or choose another model.", e => e with { Provider = provider });

    public static AIImageException PromptTooLong(string provider, ModelRow model, int length, int limit) =>
        Make(ImageErrorId.InvalidRequest, Text($"The prompt has {length} characters; {model.Id} takes at most {limit}."), Text($"Shorten the prompt to {limit} characters."), e => e with { Provider = provider });

    public static AIImageException TooManyReferences(string provider, ModelRow model, int count, int limit) =>
        Make(ImageErrorId.InvalidRequest, Text($"{model.Id} takes at most {limit} reference images; {count} were given."), "Give fewer reference images.", e => e with { Provider = provider });

    public static AIImageException TooManyImages(string provider, ModelRow model, int count, int limit) =>
        Make(ImageErrorId.InvalidRequest, Text($"{model.Id} takes at most {limit} pictures in all; {count} were given."), "Give fewer reference images, or choose another model.", e => e with { Provider = provider });

    public static AIImageException ReferenceNeeded(string provider, ModelRow model) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} makes nothing from words alone.", "Give -ReferenceImage a picture to follow, or choose another model.", e => e with { Provider = provider });

    public static AIImageException EnlargedTooMuch(string provider, ModelRow model, ImageSize size) =>
        Make(ImageErrorId.InvalidRequest, Text($"{model.Id} makes about {model.EnlargesTo / 1_000_000} megapixels at most; {size} is more."), "Give a smaller -Scale, or choose another model.", e => e with { Provider = provider });

    public static AIImageException ServerLacks(string provider, ImageOperation operation, string what, IReadOnlyList<string> others) =>
        Unsupported(provider, $"{provider} can do this ({operation}) only with {what}, which that server does not have.",
            $"Install it there{(others.Count > 0 ? $", or use one of the configured providers that can: {string.Join(", ", others)}" : string.Empty)}.");

    public static AIImageException UnknownOption(string provider, ModelRow model, string option, IEnumerable<string> known) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} has no option '{Show(option)}' that may be set with -ProviderOption.",
            known.Any() ? $"It has: {string.Join(", ", known)}." : "Leave out -ProviderOption.", e => e with { Provider = provider });

    public static AIImageException OptionMissing(string provider, ModelRow model, string option) =>
        Make(ImageErrorId.InvalidRequest, $"{model.Id} needs the option '{option}': {model.Options[option]}.", $"Add it: -ProviderOption @{{ {option} = '…' }}", e => e with { Provider = provider });

    public static AIImageException OptionValue(string provider, ModelRow model, string option, string rule) =>
        Make(ImageErrorId.InvalidRequest, $"The value of the option '{option}' is not right for {model.Id}.", $"It must be {rule}.", e => e with { Provider = provider });

    public static AIImageException NoWaitUnsupported(string provider) =>
        Unsupported(provider, $"{provider} answers with the picture itself: there is nothing to come back to, so -NoWait cannot work.", "Leave out -NoWait, or use Start-ThreadJob to work in the background.");

    public static AIImageException NoTasks(string provider) =>
        Unsupported(provider, $"{provider} answers with the picture itself: it gives no task ids to come back to.", "Give the run id or the result.json of the run.");

    public static AIImageException CannotCancel(string provider, string taskId, string runId, string recordPath) =>
        Make(ImageErrorId.Unsupported, $"{provider} has no way to cancel a job: {taskId} goes on there, and is billed.", $"To fetch the picture that is paid for type: Resume-AIImageTask -RunId {runId}",
            e => e with { Provider = provider, TaskId = taskId, RunId = runId, RecordPath = recordPath, MayHaveBeenCharged = true });

    // Money
    public static AIImageException BudgetExceeded(Quote quote, decimal cost, (string Name, string Remedy) which, decimal most, decimal left) =>
        Make(ImageErrorId.BudgetExceeded, Text($"This call may cost {cost:0.####} USD, and of {which.Name} ({most:0.####} USD) {left:0.####} USD are left. Nothing was sent."),
            $"{which.Remedy}, or ask for fewer, smaller or simpler pictures. Measure-AIImageCost shows the price of a call, and with -Recorded what was spent.", e => e with { Provider = quote.Provider });

    public static AIImageException BudgetUnknown(Quote quote, string which) =>
        Make(ImageErrorId.BudgetExceeded, $"The price of {quote.Model} at {quote.Provider} is not known in US dollars, so {which} cannot be kept. Nothing was sent.",
            "Add -AllowUnknownCost to go on all the same, or choose a model with a known price.", e => e with { Provider = quote.Provider });

    public static AIImageException NotInQuestion(Quote quote) =>
        Make(ImageErrorId.ConsentRequired, Words.Of($"A call at {quote.Provider} ({quote.Model}) is not as it was agreed to: more of them, at a higher price, or at another place. It was not made."),
            Words.Of("Type the same command again: what is there already is not ordered again, and the question tells what the rest costs now."), e => e with { Provider = quote.Provider });

    // Ledger and files
    public static AIImageException CannotWrite(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, $"'{Show(path)}' cannot be written: {Reason(inner)}.", "Choose a folder that you may write to with -OutputDirectory.", null, inner);

    public static AIImageException NotAFolder(string path) =>
        Make(ImageErrorId.ArtifactWriteFailed, $"'{Show(path)}' is a file, not a folder.", "Choose a folder with -OutputDirectory.");

    public static AIImageException DiskFull(string path, long free, long needed) =>
        Make(ImageErrorId.ArtifactWriteFailed, Text($"The disk of '{Show(path)}' has {free / 1048576.0:0.#} MB free; about {needed / 1048576.0:0.#} MB are needed for these pictures. Nothing was sent."),
            "Free some space, or choose a folder on another disk with -OutputDirectory.");

    public static AIImageException KeptElsewhere(string path, Exception inner) =>
        Make(ImageErrorId.ArtifactWriteFailed, $"The disk is full: {Reason(inner)}. The picture is whole and kept at '{path}'.", "Free some space, then go on with Resume-AIImageTask.",
            e => e with { MayHaveBeenCharged = true }, inner);

    public static AIImageException RecordUnreadable(string path, Exception? inner) =>
        Make(ImageErrorId.RecordInvalid,
            inner is IOException or UnauthorizedAccessException ? $"'{Show(path)}' cannot be read: {Reason(inner)}." : $"'{Show(path)}' is no record of a run, or is damaged.",
            Tasks.RunFolder.OfRecord(path) is { } folder && File.Exists(path)
                ? $"The file {Path.GetFileName(folder.SummaryPath)} beside it names the task, if there is one: Resume-AIImageTask -TaskId <its id> -Provider <its provider> fetches the picture. To forget the record: Remove-AIImageTask '{path.Replace("'", "''", StringComparison.Ordinal)}' -Force"
                : "Give the result.json of a run, or its -RunId. Get-AIImageTask lists the runs of a folder.",
            e => e with { RecordPath = path }, inner);

    public static AIImageException NothingUnknown(string runId, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, $"Nothing of run '{runId}' is unknown, so there is nothing to send again.", $"Leave out -Resubmit: Resume-AIImageTask -RunId {runId}.", e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException ImageReplaced(string path, string runId) =>
        Make(ImageErrorId.InvalidImage, $"'{Show(path)}' is another picture now than the one run '{runId}' was ordered with. Nothing was sent.", "Put the first one back there, then type the command again; or order a new run with this one.", e => e with { RunId = runId });

    public static AIImageException NotFinished(string runId, ImageTaskStatus status, string recordPath) =>
        Make(ImageErrorId.InvalidRequest, $"Run '{runId}' is {status}: its record is the only way back to what may be paid for.", $"Go on with it: Resume-AIImageTask -RunId {runId}. To forget it all the same add -Force.", e => e with { RunId = runId, RecordPath = recordPath });

    public static AIImageException RunNotFound(string id) =>
        Make(ImageErrorId.NotFound, $"No run or task '{Show(id)}' is known here.", "Look with Get-AIImageTask -OutputDirectory <folder of the pictures> or -All. A task made elsewhere is fetched with: Resume-AIImageTask -TaskId <its id> -Provider <its provider>");

    public static AIImageException Unexpected(Exception inner) =>
        Make(ImageErrorId.InvalidResponse, $"Something happened that should not: {inner.GetType().Name}: {Show(inner.Message)}", "What is known of the run is on its record. Please report this.", null, inner);

    public static AIImageException TaskNotListed(string provider, string taskId) =>
        Make(ImageErrorId.NotFound, $"{provider} does not know a task '{Show(taskId)}', or no longer.", "Check the id, and that the key is of the account that ordered it. Where you have the provider's own link to the task, give that in place of the id.", e => e with { Provider = provider, TaskId = taskId });

    private static AIImageException Invalid(string message, string recommendation) => Make(ImageErrorId.InvalidRequest, message, recommendation);

    private static AIImageException Make(ImageErrorId id, string message, string recommendation, Func<ImageError, ImageError>? more = null, Exception? inner = null)
    {
        ImageError error = new() { Id = id, Message = message, Recommendation = recommendation };
        return new AIImageException(more is null ? error : more(error), inner);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // The system's own words, without the path of a file nobody knows.
    private static string Reason(Exception e) => Show(e.Message.Split(" : '", 2)[0]).TrimEnd('.');

    // Input is shown, but never long and never with control characters.
    private static string Show(string text) => Wire.PlainText.Clean(text, 120);
}
