using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Tasks;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders.Vendors.Fal;

/// <summary>The platform API: models, prices, history, balance.</summary>
public sealed partial class FalVendor
{
    private const int MostIds = 50;
    private const int LargestPage = 100;

    private void MapPlatform(RouteGroupBuilder fal)
    {
        RouteGroupBuilder api = fal.MapGroup("/v1");
        api.MapGet("/models", HandlePlatform(Models, needsKey: false));
        api.MapGet("/models/pricing", HandlePlatform(Pricing));
        api.MapGet("/models/requests/by-endpoint", HandlePlatform(History));
        api.MapGet("/account/billing", HandlePlatform(Billing));

        // Undocumented, and a bare number.
        fal.MapGet("/billing/user_balance", Handle(FaultStage.Query, exchange =>
        {
            exchange.MeetFault(prompt: null);
            return Task.FromResult(Answer.Json(JsonValue.Create(Balance)));
        }));
    }

    /// <summary>The platform's errors have a shape of their own.</summary>
    private RequestDelegate HandlePlatform(Func<IQueryCollection, Answer> handler, bool needsKey = true) => Handle(
        FaultStage.Query,
        exchange =>
        {
            if (needsKey && !exchange.Record.KeyOk)
                throw new RefusedException(FalErrors.Platform(401));
            try
            {
                exchange.MeetFault(prompt: null);
            }
            catch (RefusedException) when (exchange.Fault is { Kind: FaultKind.Status, Body: null })
            {
                throw new RefusedException(FalErrors.Platform(exchange.Fault.Status!.Value));
            }

            return Task.FromResult(handler(exchange.Http.Request.Query));
        },
        needsKey: false);

    private Answer Models(IQueryCollection query)
    {
        string[] ids = Ids(query);
        string search = query["q"].ToString();
        IEnumerable<FalEndpoint> found = FalEndpoints.All.Where(endpoint =>
            (ids.Length == 0 || ids.Contains(endpoint.Id))
            && endpoint.Id.Contains(search, StringComparison.OrdinalIgnoreCase)
            && query["category"].ToString() is var category && (category.Length == 0 || category == Category(endpoint))
            && query["status"].ToString() is "" or "active");
        return Page(query, "models", [.. found.Select(endpoint => new JsonObject
        {
            ["endpoint_id"] = endpoint.Id,
            ["metadata"] = new JsonObject
            {
                ["display_name"] = endpoint.Id,
                ["category"] = Category(endpoint),
                ["description"] = "A fake of " + endpoint.Id,
                ["status"] = "active",
                ["tags"] = new JsonArray(),
                ["updated_at"] = "2026-08-01T10:00:00Z",
                ["is_favorited"] = null,
                ["model_url"] = "https://fal.run/" + endpoint.Id,
            },
        })]);
    }

    private Answer Pricing(IQueryCollection query)
    {
        string[] ids = RequiredIds(query);
        FalEndpoint[] found = [.. FalEndpoints.All.Where(endpoint => ids.Contains(endpoint.Id))];
        if (found.Length < ids.Distinct().Count())
            throw new RefusedException(FalErrors.Platform(404, "Endpoint not found: " + ids.First(id => found.All(endpoint => endpoint.Id != id))));
        return Page(query, "prices", [.. found.Select(endpoint => new JsonObject
        {
            ["endpoint_id"] = endpoint.Id,
            ["unit_price"] = endpoint.Price,
            ["unit"] = endpoint.Unit,
            ["currency"] = "USD",
        })]);
    }

    private Answer History(IQueryCollection query)
    {
        string[] ids = RequiredIds(query);
        string requestId = query["request_id"].ToString(), status = query["status"].ToString(), order = query["sort_by"].ToString();
        if (status is not ("" or "success" or "error" or "user_error"))
            throw Bad("status must be success, error or user_error");
        if (order is not ("" or "ended_at" or "duration"))
            throw Bad("sort_by must be ended_at or duration");
        if (requestId.Length > 0 && !Guid.TryParse(requestId, out _))
            throw Bad("request_id must be a UUID");
        bool withPayloads = Texts(query, "expand") switch
        {
            [] => false,
            ["payloads"] => true,
            _ => throw Bad("expand must be payloads"),
        };
        DateTimeOffset now = DateTimeOffset.UtcNow;
        DateTimeOffset start = ReadTime(query, "start") ?? now.AddDays(requestId.Length > 0 ? -90 : -1);
        DateTimeOffset end = ReadTime(query, "end") ?? now.AddSeconds(1);
        lock (_gate)
        {
            var found = new List<(FalTask Task, DateTimeOffset? Ended, int? Code)>();
            foreach (FalTask task in _tasks.Values.Where(task =>
                ids.Contains(task.Endpoint.Id) && (requestId.Length == 0 || task.Id == requestId)
                && task.Clock.Created >= start && task.Clock.Created < end && task.Clock.Created.AddSeconds(HistoryLagSeconds) <= now))
            {
                int? code = task.Look() == JobPhase.Over ? task.Failure?.Status ?? 200 : null;
                string kind = code switch { null => "", < 400 => "success", < 500 => "user_error", _ => "error" };
                if (status.Length == 0 || status == kind)
                    found.Add((task, task.Clock.Ended, code));
            }

            var sorted = order == "duration"
                ? found.OrderByDescending(each => each.Ended - each.Task.Clock.Created)
                : found.OrderByDescending(each => each.Ended ?? DateTimeOffset.MaxValue).ThenByDescending(each => each.Task.Clock.Created);
            return Page(query, "items", [.. sorted.Select(each => Item(each.Task, each.Ended, each.Code, withPayloads))]);
        }
    }

    private JsonObject Item(FalTask task, DateTimeOffset? ended, int? code, bool withPayloads)
    {
        var item = new JsonObject
        {
            ["request_id"] = task.Id,
            ["endpoint_id"] = task.Endpoint.Id,
            ["sent_at"] = Time(task.Clock.Created),
            ["started_at"] = Time(task.Clock.Started ?? task.Clock.Created),
            ["ended_at"] = ended is { } end ? Time(end) : null,
            ["status_code"] = code,
            ["duration"] = ended is { } over ? double.Round((over - task.Clock.Created).TotalSeconds, 6) : null,
        };
        if (withPayloads && task is { IsStored: true, IsSync: false })
        {
            item["json_input"] = task.Body.DeepClone();
            if (code is not null)
                item["json_output"] = task.Failure is null ? Output(task) : JsonNode.Parse(task.Failure.Answer().Body);
        }

        return item;
    }

    private Answer Billing(IQueryCollection query)
    {
        if (!KeyIsAdmin)
            throw new RefusedException(FalErrors.Platform(403, "This endpoint requires an admin API key"));
        var body = new JsonObject { ["username"] = "fake" };
        if (Texts(query, "expand").Contains("credits"))
            body["credits"] = new JsonObject { ["current_balance"] = decimal.Max(0, Balance), ["currency"] = "USD" };
        return Answer.Json(body);
    }

    private Answer Page(IQueryCollection query, string name, IReadOnlyList<JsonObject> items)
    {
        int limit = PageSize, page = 1;
        if (query.TryGetValue("limit", out var text)
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > LargestPage))
        {
            throw Bad("limit must be from 1 to 100");
        }

        if (query.TryGetValue("cursor", out var cursor))
        {
            byte[] decoded = new byte[16];
            if (!Convert.TryFromBase64String(cursor.ToString(), decoded, out int length)
                || !int.TryParse(decoded.AsSpan(0, length), CultureInfo.InvariantCulture, out page))
            {
                throw Bad("cursor is not valid");
            }
        }

        bool hasMore = items.Count > page * limit;
        return Answer.Json(new JsonObject
        {
            [name] = new JsonArray([.. items.Skip((page - 1) * limit).Take(limit)]),
            ["next_cursor"] = hasMore
                ? Convert.ToBase64String(Encoding.ASCII.GetBytes((page + 1).ToString(CultureInfo.InvariantCulture)))
                : null,
            ["has_more"] = hasMore,
        });
    }

    private static string[] RequiredIds(IQueryCollection query) =>
        Ids(query) is { Length: > 0 and <= MostIds } ids ? ids : throw Bad("endpoint_id is required, 1 to 50 of them");

    private static string[] Ids(IQueryCollection query) => Texts(query, "endpoint_id");

    private static string[] Texts(IQueryCollection query, string name) =>
        [.. query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static DateTimeOffset? ReadTime(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw Bad($"{name} must be an ISO 8601 date or date-time");
    }

    private static string Category(FalEndpoint endpoint) =>
        endpoint.Inputs.Any(field => field is { Required: true, Type: Inputs.InputType.Image or Inputs.InputType.Images }) ? "image-to-image" : "text-to-image";

    private static RefusedException Bad(string message) => new(FalErrors.Platform(400, message));
}
