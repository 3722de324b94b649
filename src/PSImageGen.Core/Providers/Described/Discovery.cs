using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSImageGen.Core.OpenApi;
using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Providers.Described;

/// <summary>Finds in a vendor's document what is needed to order pictures from it. What the user says counts more than what is found.</summary>
public sealed partial class Discovery
{
    private static readonly string[] StatusNames = ["status", "state", "stage", "phase", "task_status", "job_status"];
    private static readonly string[] LinkNames = ["url", "uri", "href", "image_url", "imageUrl", "download_url", "downloadUrl", "signed_url", "file_url"];
    private static readonly string[] ErrorNames = ["error", "error_message", "errorMessage", "message", "reason", "failure_reason", "failureReason"];

    private readonly ApiDocuments _documents;
    private readonly ApiDocument _document;
    private readonly VendorWords _words;
    private readonly List<string> _remarks = [];

    private Discovery(ApiDocument document, VendorWords words)
    {
        _document = document;
        _documents = new ApiDocuments(document);
        _words = words;
    }

    /// <summary>Describes a vendor.</summary>
    /// <param name="document">Its document.</param>
    /// <param name="words">What the user says.</param>
    /// <returns>The description, and what the user should know of it.</returns>
    /// <exception cref="AIImageException"><c>InvalidRequest</c> or <c>NotFound</c>: something needed was not found, and how to say it; <c>Unsupported</c>.</exception>
    public static (VendorDescription Vendor, IReadOnlyList<string> Remarks) Describe(ApiDocument document, VendorWords words)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(words);
        Discovery discovery = new(document, words);
        return (discovery.Vendor(), discovery._remarks);
    }

    private VendorDescription Vendor()
    {
        ApiEndpoint[] orders = Orders();
        Uri baseUrl = BaseUrl(orders[0]);
        RegisteredVendors.CheckBaseUrl(_words.Name, baseUrl);
        KeyWay? way = KeyWay.Of(_words.Name, _document.Root);
        bool needsKey = way is not null || _words.HasKey || _words.CredentialName is not null || _words.KeyHeader is not null;
        if (!needsKey)
            _remarks.Add(Words.Of($"The document does not say how {_words.Name} wants its key, so none is sent. If it wants one, register it again with -Credential."));

        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        ModelRow like = new()
        {
            Id = string.Empty,
            Source = _words.Price is null ? _document.Name : Words.Of("what was said when it was registered"),
            Date = date,
            Price = _words.Price is { } price ? new PriceRule { PerImage = price, Currency = _words.Currency } : null,
        };
        List<ModelRow> models = [];
        ApiEndpoint? poll = null;
        foreach (ApiEndpoint order in orders)
        {
            ApiEndpoint? asked = _words.Poll is null ? _documents.PollOf(order) : null;
            ModelRow[] rows = [.. Rows(order, asked, baseUrl, like)];
            // The same model behind another endpoint is another row, by its path.
            models.AddRange(rows.Select(r => models.Any(m => m.IsNamed(r.Id)) ? r with { Id = $"{r.Fields["path"]}:{r.Id}" } : r).Where(r => !models.Any(m => m.IsNamed(r.Id))));
            poll ??= rows.Any(r => r.Synchronous != true) ? asked : null;
        }

        if (models.Count == 0)
            throw Errors.NoImageEndpoints(_document.Name);
        string? pollPath = _words.Poll is { } said ? Template(said) : poll is null ? null : Template(poll, baseUrl);
        ApiSchema? state = poll?.Answer ?? orders[0].Answer;
        IReadOnlyList<Slot> answers = [.. orders.Select(o => o.Answer).Prepend(state).OfType<ApiSchema>().SelectMany(a => Slot.Of(a, intoLists: true)).DistinctBy(s => s.Path)];
        VendorDescription vendor = new()
        {
            Name = _words.Name,
            Title = _document.Title,
            Document = _document.Name,
            Date = date,
            BaseUrl = baseUrl,
            CredentialNames = needsKey ? [_words.CredentialName ?? VariableOf(_words.Name)] : [],
            KeyHeader = _words.KeyHeader ?? way?.Header ?? "Authorization",
            KeyPrefix = _words.KeyPrefix ?? (_words.KeyHeader is null ? way?.Prefix ?? "Bearer " : string.Empty),
            KeyPage = _words.KeyPage ?? PageOf(_document.Root),
            Poll = pollPath,
            Result = _words.Result is { } result ? Template(result) : null,
            IdFields = _words.IdFields.Count > 0 ? _words.IdFields : [.. answers.Where(s => poll is not null && s.Name == Place().Match(poll.Path).Groups[1].Value).Select(s => s.Path).Take(2)],
            StatusFields = _words.StatusFields.Count > 0 ? _words.StatusFields : [.. answers.Where(IsStatus).OrderBy(s => s.Choices.Count == 0).Select(s => s.Path).Take(2)],
            OutputFields = _words.OutputFields.Count > 0 ? _words.OutputFields : [.. answers.Where(IsOutput).Select(s => s.Path)],
            ErrorFields = _words.ErrorFields.Count > 0 ? _words.ErrorFields : [.. answers.Where(IsError).Select(s => s.Path)],
            DoneWords = _words.DoneWords,
            FailedWords = _words.FailedWords,
            Base64Fields = [.. answers.Where(s => s.Format is "byte" or "base64").Select(s => s.Name).Distinct()],
            Models = models,
        };
        if (pollPath is not null)
            CheckWords(vendor, answers);
        return vendor;
    }

    // The orders the user named, or those that look like it; one that streams goes together with the one that does not.
    private ApiEndpoint[] Orders()
    {
        ApiEndpoint[] found = _words.Endpoints.Count > 0
            ? [.. _words.Endpoints.Select(name => _documents.Find(name) ?? throw Errors.EndpointNotInDocument(_document.Name, name, _documents.Endpoints.Where(e => e.Method == "POST").Select(e => e.Name).Take(10)))]
            : [.. _documents.Endpoints.Where(IsForPictures)];
        ApiEndpoint[] orders = [.. found.Select(e => _documents.PollingOf(e) ?? e).Distinct().Where(e => e.Body is not null)];
        return orders.Length > 0 ? orders : throw Errors.NoImageEndpoints(_document.Name);
    }

    /// <summary>Whether an endpoint takes words and speaks of pictures, in whatever style its document is written.</summary>
    internal static bool IsForPictures(ApiEndpoint endpoint)
    {
        if (endpoint.Method != "POST" || endpoint.MediaTypes.Count == 0 || Others().IsMatch(endpoint.Path) || endpoint.Tags.Any(t => Others().IsMatch(t)))
            return false;
        return (endpoint.AnswersWithPicture || Pictures().IsMatch($"{endpoint.Path} {endpoint.Summary} {string.Join(' ', endpoint.Tags)}")) && RowReading.TakesWords(endpoint.Body!);
    }

    private IEnumerable<ModelRow> Rows(ApiEndpoint order, ApiEndpoint? poll, Uri baseUrl, ModelRow like)
    {
        bool form = order.MediaTypes[0].StartsWith("multipart/", StringComparison.Ordinal);
        if (!form && !order.MediaTypes[0].Contains("json", StringComparison.Ordinal))
            yield break;
        string path = order.Below(baseUrl);
        ApiEndpoint? stream = _documents.StreamOf(order) is { } partner && (partner != order || order.Answer is null) ? partner : null;
        IReadOnlyList<Slot> answer = order.Answer is { } told ? Slot.Of(told, intoLists: true) : [];
        bool atOnce = order.AnswersWithPicture || (poll is null && _words.Poll is null) || (answer.Any(IsOutput) && !answer.Any(IsStatus));
        foreach (ModelRow row in RowReading.Of(path, order.Body!, form, like))
        {
            Dictionary<string, string> fields = new(row.Fields);
            if (stream is not null)
                fields["stream"] = stream.Below(baseUrl);
            if (form)
                fields["form"] = "multipart";
            if (order.AnswersWithPicture)
                fields["accept"] = "image/*";
            if (!atOnce && poll is not null)
                fields["poll"] = Template(poll, baseUrl);
            yield return row with { Fields = fields, Synchronous = atOnce };
        }
    }

    // Without a word for the end everything would be waited for in vain, and be paid for.
    private void CheckWords(VendorDescription vendor, IReadOnlyList<Slot> answers)
    {
        AnswerReader reader = new(vendor);
        string[] states = [.. answers.Where(s => vendor.StatusFields.Contains(s.Path)).SelectMany(s => s.Choices).Distinct()];
        string[] unclear = [.. states.Where(w => !AnswerReader.IsUsual(w, out _) && !vendor.DoneWords.Concat(vendor.FailedWords).Contains(w, StringComparer.OrdinalIgnoreCase))];
        if (states.Length > 0 && states.All(w => reader.StandOf(w) != Stand.Done))
            throw Errors.NoWordForDone(vendor.Name, states);
        if (unclear.Length > 0 && (vendor.DoneWords.Count == 0 || vendor.FailedWords.Count == 0))
            _remarks.Add(Words.Of($"These states count as 'still working': {Words.List(unclear)}. If one of them is an end, name it with -DoneWord or -FailedWord."));
    }

    private Uri BaseUrl(ApiEndpoint order)
    {
        if (_words.BaseUrl is { } said)
            return Bare(said);
        Uri? document = Wire.Endpoint.IsLink(_document.Name) && Uri.TryCreate(_document.Name, UriKind.Absolute, out Uri? link) ? link : null;
        return order.Server is { } server && (Uri.TryCreate(server, UriKind.Absolute, out Uri? url) && Wire.Endpoint.IsLink(server) || (document is not null && Uri.TryCreate(document, server, out url)))
            ? Bare(url!)
            : throw Errors.BaseUrlNeeded(_words.Name, _document.Name);
    }

    private static Uri Bare(Uri url) => new(url.OriginalString.TrimEnd('/'), UriKind.RelativeOrAbsolute);

    // As the user writes it, "GET /jobs/{job_id}", the method being left out or not.
    private static string Template(string endpoint)
    {
        string path = endpoint.Trim();
        path = (path.StartsWith("GET ", StringComparison.OrdinalIgnoreCase) ? path[4..] : path).Trim().TrimStart('/');
        string template = Place().Replace(path, "{id}", 1);
        return template.Contains("{id}", StringComparison.Ordinal) && !Wire.Endpoint.IsLink(template) && !template.Contains("..", StringComparison.Ordinal) ? template : throw Errors.NoPlaceForId(endpoint);
    }

    private static string Template(ApiEndpoint poll, Uri baseUrl)
    {
        string path = poll.Below(baseUrl);
        return Place().IsMatch(path) ? Place().Replace(path, "{id}", 1) : $"{path}?{poll.RequiredQuery[0]}={{id}}";
    }

    private static bool IsStatus(Slot slot) => slot.Schema.Takes("string") && (slot.Choices.Any(c => AnswerReader.IsUsual(c, out _)) || StatusNames.Contains(slot.Name, StringComparer.Ordinal));

    private static bool IsOutput(Slot slot) =>
        !Aside().IsMatch(slot.Path)
        && (slot.Format is "uri" or "url" or "byte" or "base64" || LinkNames.Contains(slot.Name, StringComparer.Ordinal) || AnswerReader.UsualBase64.Contains(slot.Name, StringComparer.Ordinal)
            || (slot.Name is "images" or "image" or "output" && (slot.IsList ? slot.Plain.Items?.Takes("string") == true : slot.Schema.Takes("string"))));

    private static bool IsError(Slot slot) => slot.Schema.Takes("string") && !IsStatus(slot) && (ErrorNames.Contains(slot.Name, StringComparer.Ordinal) || Why().IsMatch(slot.Schema.Description ?? string.Empty));

    /// <summary>The variable that holds a vendor's key unless the user says otherwise.</summary>
    public static string VariableOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant().Replace('-', '_') + "_API_KEY";
    }

    private static Uri? PageOf(JsonObject root)
    {
        string?[] pages = [((root["info"] as JsonObject)?["contact"] as JsonObject)?["url"]?.ToString(), (root["externalDocs"] as JsonObject)?["url"]?.ToString()];
        return pages.Select(p => Uri.TryCreate(p, UriKind.Absolute, out Uri? page) && page.Scheme == Uri.UriSchemeHttps ? page : null).FirstOrDefault(p => p is not null);
    }

    [GeneratedRegex(@"\{([^/{}]+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"image|picture|photo|paint|draw|sketch|illustrat|render|\bart|txt2img|img2img|diffusion|upscal", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pictures();

    [GeneratedRegex(@"video|film|movie|audio|speech|music|\btts|chat|embedding|transcri|translat|webhook|fine.?tun|train|upload|\bfiles?\b|login|billing|\busers?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Others();

    // Links beside the pictures, and what was sent and comes back.
    [GeneratedRegex(@"status|cancel|webhook|callback|self|thumb|preview|poll|stream|avatar|logo|docs|(^|\.)(input|request|params)(\.|\[|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Aside();

    [GeneratedRegex(@"\bwhy\b|\breason|\bfail|\berror", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Why();
}
