using System.Text.Json;
using System.Text.Json.Serialization;
using PSImageGen.FakeProviders.Faults;

namespace PSImageGen.FakeProviders.Control;

/// <summary>The controls over HTTP, for those who do not live in this process.</summary>
internal static class ControlEndpoints
{
    public const string Path = "/_control";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
        WriteIndented = true,
    };

    public static void Map(IEndpointRouteBuilder routes, FakeVendors vendors)
    {
        RouteGroupBuilder control = routes.MapGroup(Path);
        control.MapPost("/faults", Guard(async http =>
        {
            JsonElement body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body);
            Fault[] faults = body.ValueKind == JsonValueKind.Array ? body.Deserialize<Fault[]>(Json)! : [body.Deserialize<Fault>(Json)!];
            foreach (Fault fault in faults)
            {
                if (fault.Vendor is not null)
                    vendors.Count(fault.Vendor);
                vendors.Faults.Add(fault);
            }

            return vendors.Faults.All;
        }));
        control.MapGet("/faults", Guard(_ => Task.FromResult<object>(vendors.Faults.All)));
        control.MapDelete("/faults", Guard(_ =>
        {
            vendors.Faults.Clear();
            return Done();
        }));
        control.MapGet("/state", Guard(_ => Task.FromResult(State(vendors))));
        control.MapDelete("/state", Guard(_ =>
        {
            vendors.ClearCounts();
            return Done();
        }));
        control.MapGet("/settings", Guard(_ => Task.FromResult<object>(vendors.Settings)));
        control.MapPost("/settings", Guard(async http =>
        {
            foreach ((string name, double value) in (await JsonSerializer.DeserializeAsync<Dictionary<string, double>>(http.Request.Body, Json))!)
                vendors.Set(name, value);
            return vendors.Settings;
        }));
        control.MapPost("/release", Guard(_ =>
        {
            vendors.Release();
            return Done();
        }));
        control.MapPost("/reset", Guard(_ =>
        {
            vendors.Reset();
            return Done();
        }));
        control.MapGet("/environment", Guard(_ => Task.FromResult<object>(vendors.EnvironmentVariables)));
    }

    private static Task<object> Done() => Task.FromResult<object>(new { ok = true });

    private static object State(FakeVendors vendors) => new
    {
        vendors.ActiveRequests,
        vendors.ActiveConnections,
        vendors.Hanging,
        vendors = vendors.All.ToDictionary(vendor => vendor.Name, vendor => vendors.Count(vendor.Name)),
        violations = vendors.Violations,
        requests = vendors.Requests,
        vendors.Settings,
        faults = vendors.Faults.All,
    };

    /// <summary>Makes a control of a handler whose arguments may be bad.</summary>
    internal static RequestDelegate Guard(Func<HttpContext, Task<object>> handler) => async http =>
    {
        object answer;
        try
        {
            answer = await handler(http);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            http.Response.StatusCode = 400;
            answer = new { error = exception.Message };
        }

        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, answer, answer.GetType(), Json, http.RequestAborted);
    };
}
