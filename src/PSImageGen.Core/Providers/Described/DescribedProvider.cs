using System.Text.Json.Nodes;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Wire;

namespace PSImageGen.Core.Providers.Described;

/// <summary>
/// A vendor nobody wrote code for, by the description of its API. Fields of a row beside those of <see cref="FieldMap"/>: <c>path</c> of the
/// order, <c>stream</c> of its partner that answers with a stream, <c>form</c> where orders are forms, <c>bare</c> where pictures go in as bare
/// base64, <c>accept</c> where the answer is no JSON, <c>poll</c> where its tasks are asked for, <c>+name</c> a field of the model that has the given
/// JSON unless it is set. A name with dots is a field inside others.
/// </summary>
public sealed class DescribedProvider : Provider
{
    private readonly VendorDescription _vendor;
    private readonly AnswerReader _reader;
    private readonly HashSet<string> _base64;

    /// <summary>A provider by its description.</summary>
    public DescribedProvider(VendorDescription vendor)
    {
        ArgumentNullException.ThrowIfNull(vendor);
        _vendor = vendor;
        _reader = new AnswerReader(vendor);
        _base64 = [.. vendor.Base64Fields, .. AnswerReader.UsualBase64];
        Profile = new ProviderProfile
        {
            Id = vendor.Name,
            DisplayName = vendor.Title ?? vendor.Name,
            BaseUrl = vendor.BaseUrl,
            CredentialNames = vendor.CredentialNames,
            KeyHeader = vendor.KeyHeader,
            KeyPrefix = vendor.KeyPrefix,
            KeyPage = vendor.KeyPage ?? new Uri(vendor.BaseUrl.GetLeftPart(UriPartial.Authority)),
            Synchronous = vendor.Poll is null,
            TakesLinks = true,
            NotFoundGrace = 3,
            Origin = vendor.Document,
        };
    }

    /// <summary>What it is made of.</summary>
    public VendorDescription Vendor => _vendor;

    /// <inheritdoc/>
    public override ProviderProfile Profile { get; }

    /// <inheritdoc/>
    public override VendorRequest Submit(ProviderCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        IReadOnlyDictionary<string, string> fields = call.Shape.Model.Fields;
        RequestBody body;
        JsonObject json = FieldMap.Body(call);
        foreach ((string key, string value) in fields.Where(f => f.Key.StartsWith('+') && !json.ContainsKey(f.Key[1..])))
            json[key[1..]] = JsonNode.Parse(value);
        if (fields.ContainsKey("form"))
        {
            // A number writes itself as in JSON, whatever the user's language; a list repeats its name.
            body = new RequestBody.Multipart([.. json.Where(f => f.Value is not null).Select(f => BodyPart.Text(f.Key, f.Value!.ToString())), .. FieldMap.Files(call)]);
        }
        else
        {
            FieldMap.AddImages(call, json, bare: fields.ContainsKey("bare"));
            body = new RequestBody.Json(Nested(json));
        }

        string accept = fields.ContainsKey("stream") ? "text/event-stream" : fields.GetValueOrDefault("accept", "application/json");
        return VendorRequest.Post(fields.GetValueOrDefault("stream") ?? fields["path"], body) with { Accept = accept, ImageFields = _base64 };
    }

    /// <inheritdoc/>
    public override SubmitAnswer ReadSubmit(ProviderCall call, VendorAnswer answer) => Read(call, answer) ?? new SubmitAnswer.Refused(DescribedFailure.Inside(_reader, answer));

    /// <inheritdoc/>
    public override SubmitAnswer? ReadSubmitEvent(ProviderCall call, string type, VendorAnswer data) => Read(call, data);

    /// <inheritdoc/>
    public override StatusAnswer? ReadEvent(TaskHandle handle, string type, VendorAnswer data)
    {
        ArgumentNullException.ThrowIfNull(data);
        // Another task's news would not be ours.
        if (_reader.Id(data.Json) is { } id && handle is not null && id != handle.TaskId)
            return null;
        string? word = _reader.Word(data.Json) ?? (AnswerReader.IsUsual(type ?? string.Empty, out _) ? type : null);
        return _reader.StandOf(word) switch
        {
            Stand.Unsaid when _reader.Pictures(data.Json, data.Parts).Count == 0 => null,
            // The end without its pictures: the question after the task brings them, or says why not.
            Stand.Done when _reader.Pictures(data.Json, data.Parts).Count == 0 => new StatusAnswer.Ended { Word = word },
            var stand => Told(data, stand, word),
        };
    }

    /// <inheritdoc/>
    public override VendorRequest Status(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get(handle.StatusUrl!) with { ImageFields = _base64 };
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadStatus(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string? word = _reader.Word(answer.Json);
        Stand stand = _reader.StandOf(word);
        return stand == Stand.Done && _vendor.Result is not null && _reader.Pictures(answer.Json, answer.Parts).Count == 0 ? new StatusAnswer.Ended { Word = word } : Told(answer, stand, word);
    }

    /// <inheritdoc/>
    public override VendorRequest Result(TaskHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return VendorRequest.Get(_vendor.Result is { } path ? Filled(path, handle.TaskId) : handle.StatusUrl!) with { ImageFields = _base64 };
    }

    /// <inheritdoc/>
    public override StatusAnswer ReadResult(TaskHandle handle, VendorAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (IsRefusal(answer))
            return answer.Status >= 500 ? new StatusAnswer.Working(Started: true) : new StatusAnswer.Failed(Classify(answer));
        return Told(answer, _reader.StandOf(_reader.Word(answer.Json)) is var stand && stand == Stand.Unsaid ? Stand.Done : stand, _reader.Word(answer.Json));
    }

    /// <inheritdoc/>
    public override TaskHandle? HandleOf(string taskId)
    {
        ArgumentNullException.ThrowIfNull(taskId);
        return _vendor.Poll is { } path && !Endpoint.IsLink(taskId) ? new TaskHandle(taskId) { StatusUrl = Filled(path, taskId) } : null;
    }

    /// <inheritdoc/>
    public override VendorFailure Classify(VendorAnswer answer) => DescribedFailure.Of(_reader, answer);

    private protected override Catalogue LoadCatalogue() => new(_vendor.Models);

    // Null where an answer says nothing that is understood.
    private SubmitAnswer? Read(ProviderCall call, VendorAnswer answer)
    {
        if (answer is { Json: null, Parts: > 0 })
            return new SubmitAnswer.Finished([new Picture { Part = 0 }]);
        Stand stand = _reader.StandOf(_reader.Word(answer.Json));
        if (stand == Stand.Failed)
            return new SubmitAnswer.Refused(DescribedFailure.OfTask(_reader, answer));
        IReadOnlyList<Picture> pictures = stand is Stand.Done or Stand.Unsaid ? _reader.Pictures(answer.Json, answer.Parts) : [];
        if (pictures.Count > 0)
            return new SubmitAnswer.Finished(pictures);
        if (_reader.Id(answer.Json) is not { } id)
            return null;
        // The answer's own link counts where the key may go along; else the path of the document.
        string? link = AnswerReader.StatusLink(answer.Json) is { } told && Uri.TryCreate(told, UriKind.Absolute, out Uri? url) && (url.Scheme, url.Authority) == (_vendor.BaseUrl.Scheme, _vendor.BaseUrl.Authority) ? told : null;
        string? place = link ?? ((call.Shape.Model.Fields.GetValueOrDefault("poll") ?? _vendor.Poll) is { } path ? Filled(path, id) : null);
        return place is null ? null : new SubmitAnswer.Accepted(new TaskHandle(id) { StatusUrl = place });
    }

    private StatusAnswer Told(VendorAnswer answer, Stand stand, string? word)
    {
        IReadOnlyList<Picture> pictures = stand is Stand.Done or Stand.Unsaid ? _reader.Pictures(answer.Json, answer.Parts) : [];
        StatusAnswer status = stand switch
        {
            Stand.Done or Stand.Unsaid when pictures.Count > 0 => new StatusAnswer.Finished(pictures),
            Stand.Done => new StatusAnswer.Failed(VendorFailure.Unusable(answer, Words.Of("The finished job holds no picture where one was looked for."))),
            Stand.Failed => new StatusAnswer.Failed(DescribedFailure.OfTask(_reader, answer)),
            Stand.Canceled => new StatusAnswer.Canceled(),
            _ => new StatusAnswer.Working(Started: stand == Stand.Working),
        };
        return status with { Word = word };
    }

    private static string Filled(string path, string id) => path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal);

    // "input.prompt" is the field "prompt" of the object "input".
    private static JsonObject Nested(JsonObject flat)
    {
        foreach (string name in flat.Select(p => p.Key).Where(k => k.Contains('.', StringComparison.Ordinal)).ToArray())
        {
            JsonNode? value = flat[name];
            flat.Remove(name);
            string[] steps = name.Split('.');
            JsonObject at = flat;
            foreach (string step in steps[..^1])
                at = at[step] as JsonObject ?? Added(at, step);
            at[steps[^1]] = value;
        }

        return flat;
    }

    private static JsonObject Added(JsonObject to, string name)
    {
        JsonObject inner = [];
        to[name] = inner;
        return inner;
    }
}
