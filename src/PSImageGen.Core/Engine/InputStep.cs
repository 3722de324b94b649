using System.Collections.Concurrent;
using PSImageGen.Core.Artifacts.Pixels;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Providers;
using PSImageGen.Core.Requests;
using PSImageGen.Core.Tasks;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Engine;

/// <summary>The input images of an order, ready to be sent.</summary>
/// <param name="Images">The images in the order in which they are sent.</param>
/// <param name="Files">The same as files; an empty one where an image stays a link.</param>
/// <param name="UploadNames">The names under which uploads are kept.</param>
internal sealed record Inputs(IReadOnlyList<CallInput> Images, IReadOnlyList<InputFile> Files, IReadOnlyList<string> UploadNames);

/// <summary>
/// Makes input images ready: fetches links that the vendor does not fetch itself, works on pixels where the model wants them otherwise,
/// uploads what must be uploaded. Free, and before the order; the clock of the run begins with the first of it that leaves this machine.
/// </summary>
internal sealed class InputStep
{
    // Bytes a second below which an upload is given up.
    private const int SlowestLine = 32 << 10;

    private readonly Transport _transport;
    private readonly Resend _resend;
    private readonly TransportLimits _limits;
    private readonly UploadIndex _uploads;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _underWay = new();

    public InputStep(Transport transport, Resend resend, EngineOptions options)
    {
        _transport = transport;
        _resend = resend;
        _limits = options.Limits;
        _uploads = options.Index.Uploads;
        _clock = options.Clock;
    }

    /// <summary>Makes the input images of a candidate ready.</summary>
    /// <exception cref="AIImageException"><c>InvalidImage</c>, or the vendor refused an upload.</exception>
    public async Task<Inputs> RunAsync(RunScope scope, Candidate candidate)
    {
        Provider provider = candidate.Provider;
        Endpoint endpoint = new(provider.Profile, candidate.BaseUrl, candidate.Credential);
        IReadOnlyList<PlannedInput> planned = candidate.Shape.Inputs;
        List<InputImage> ready = [];
        for (int i = 0; i < planned.Count; i++)
            ready.Add(await MakeReadyAsync(scope, candidate, endpoint, planned[i], i).ConfigureAwait(false));
        InputPlan.CheckReady(candidate.Shape.Model, planned, ready);

        List<CallInput> inputs = [];
        List<InputFile> files = [];
        List<string> names = [];
        foreach (InputImage image in ready)
        {
            int index = inputs.Count;
            ImageRole role = planned[index].Role;
            InputFile file = image.Path is null
                ? new InputFile(string.Empty, string.Empty, 0, string.Empty)
                : new InputFile(image.Path, image.Info!.MediaType, image.Length, $"{role.ToString().ToLowerInvariant()}-{index}.{image.Info.Extension}");
            string? upload = image.Path is not null && provider.NeedsUpload(candidate.Shape.Model, image) ? await UploadOnceAsync(scope, provider, endpoint, file, names).ConfigureAwait(false) : null;
            inputs.Add(new CallInput(index, role, image, upload));
            files.Add(file);
        }

        return new Inputs(inputs, files, names);
    }

    private async Task<InputImage> MakeReadyAsync(RunScope scope, Candidate candidate, Endpoint endpoint, PlannedInput planned, int index)
    {
        InputImage image = planned.Image.Url is { } url && (planned.Preparation != Preparation.None || !candidate.Provider.TakesLinks(candidate.Shape.Model))
            ? await FetchAsync(scope, endpoint, url, index).ConfigureAwait(false)
            : planned.Image;
        string path = PartOf(scope, $"prepared-{index}");
        return planned.Preparation == Preparation.None ? image : InputPreparation.Write(planned with { Image = image }, candidate.Shape, () => scope.OpenPart(path), path);
    }

    private static string PartOf(RunScope scope, string name) => Path.Combine(scope.Entry.Folder.Parts, name + ".part");

    private async Task<InputImage> FetchAsync(RunScope scope, Endpoint endpoint, Uri url, int index)
    {
        // The user gave this link, so it may lead into a private network; where it redirects to may not, unless it began there.
        string path = PartOf(scope, $"input-{index}");
        scope.Begin();
        try
        {
            VendorAnswer answer = await _transport.DownloadAsync(endpoint with { Credential = null, BaseUrl = url }, url, () => scope.OpenPart(path), scope.Ending).ConfigureAwait(false);
            return answer.Status == 200 ? InputImage.From(path, url.ToString()) : throw Errors.ImageUnreadable(url.ToString(), new HttpRequestException(Words.Of($"the address answered {answer.Status}")));
        }
        catch (ExchangeException e)
        {
            throw Errors.ImageUnreadable(url.ToString(), e);
        }
    }

    /// <summary>Forgets the uploads of an order that was refused: they may be gone at the vendor.</summary>
    public void Forget(Inputs inputs)
    {
        foreach (string name in inputs.UploadNames)
            _uploads.Remove(name);
    }

    // The rows of a batch often share a picture: the first one uploads it, the others wait for what it is called.
    private async Task<string> UploadOnceAsync(RunScope scope, Provider provider, Endpoint endpoint, InputFile file, List<string> names)
    {
        string name;
        try
        {
            name = UploadIndex.NameOf(endpoint, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ImageUnreadable(file.Path, e);
        }

        names.Add(name);
        SemaphoreSlim gate = _underWay.GetOrAdd(name, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(scope.Ending).ConfigureAwait(false);
        try
        {
            if (_uploads.Find(name, _clock.GetUtcNow()) is { } known)
                return known;
            scope.Begin();
            // Under that name it never takes another picture's place there.
            string reference = await UploadAsync(scope, provider, endpoint, file with { FileName = name + Path.GetExtension(file.FileName) }).ConfigureAwait(false);
            _uploads.Add(name, reference, _clock.GetUtcNow() + provider.Profile.UploadLifetime);
            return reference;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<string> UploadAsync(RunScope scope, Provider provider, Endpoint endpoint, InputFile file)
    {
        VendorAnswer answer = await SendAsync(scope, provider, endpoint, provider.Upload(file), file).ConfigureAwait(false);
        UploadAnswer upload;
        try
        {
            upload = provider.ReadUpload(file, answer) ?? throw new FormatException("There is no place for the picture in it.");
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new AIImageException(VendorErrors.Of(VendorFailure.Unusable(answer, Words.Of("The answer to the upload has an unexpected form.")) with { Acceptance = Acceptance.NotAccepted, MayHaveBeenCharged = false },
                provider.Profile, scope.Entry.Record.Model, scope.RunId, endpoint.Credential?.Reveal()), e);
        }

        if (upload.Put is not null)
            await SendAsync(scope, provider, endpoint, upload.Put, file).ConfigureAwait(false);
        return upload.Reference;
    }

    private static VendorFailure RefusedByStore(VendorAnswer answer) =>
        VendorFailure.FromStatus(answer, Words.Of($"The upload of the picture was refused with status {answer.Status}."), null) with { Id = ImageErrorId.ProviderUnavailable };

    // Uploads cost nothing, so they may be sent again.
    private async Task<VendorAnswer> SendAsync(RunScope scope, Provider provider, Endpoint endpoint, VendorRequest request, InputFile file)
    {
        async ValueTask<Sending> OnceAsync(CancellationToken cancel)
        {
            try
            {
                VendorAnswer answer = await _transport.ExchangeAsync(endpoint, request, [file], null, null, _limits.Headers + TimeSpan.FromSeconds(file.Length / SlowestLine), cancel).ConfigureAwait(false);
                // What a store of others answers is not the vendor's language.
                bool no = request.WithoutKey ? answer.Status is not (>= 200 and < 300) : provider.IsRefusal(answer);
                return !no
                    ? new Sending(answer, null)
                    : new Sending(answer, (request.WithoutKey ? RefusedByStore(answer) : Guarded.Classify(provider, answer)) with { SendAgain = answer.Status is 408 or 425 or 429 or >= 500 });
            }
            catch (ExchangeException e)
            {
                cancel.ThrowIfCancellationRequested();
                return new Sending(null, new VendorFailure { Id = ImageErrorId.ProviderUnavailable, Acceptance = Acceptance.NotAccepted, Seen = e.Message, SendAgain = !e.Unusable });
            }
        }

        Sending sending = await _resend.RunAsync(OnceAsync, scope.DeadlineAt, null, scope.Ending).ConfigureAwait(false);
        return sending.Failure is null
            ? sending.Answer!
            : throw new AIImageException(VendorErrors.Of(sending.Failure with { Acceptance = Acceptance.NotAccepted, MayHaveBeenCharged = false }, provider.Profile, scope.Entry.Record.Model, scope.RunId, endpoint.Credential?.Reveal()));
    }
}
