using PSImageGen.FakeProviders.Faults;
using PSImageGen.FakeProviders.Log;
using PSImageGen.FakeProviders.Wire;

namespace PSImageGen.FakeProviders;

/// <summary>One vendor's side of the wire. To add a vendor: derive, and add a line to <see cref="FakeVendors"/>.</summary>
public abstract class FakeVendor
{
    private readonly Dictionary<string, Setting> _settings = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes a vendor.</summary>
    /// <param name="workSetting">The control name of <see cref="WorkSeconds"/>.</param>
    /// <param name="workSeconds">Its initial value.</param>
    private protected FakeVendor(string workSetting, double workSeconds)
    {
        WorkSeconds = workSeconds;
        AddSetting(workSetting, () => WorkSeconds, value => WorkSeconds = value);
    }

    /// <summary>The vendor's id, as in the design's table of providers.</summary>
    public abstract string Name { get; }

    /// <summary>The environment variable which replaces the base URL.</summary>
    public abstract string BaseUrlVariable { get; }

    /// <summary>The environment variable which holds the key; null where there is none.</summary>
    public abstract string? KeyVariable { get; }

    /// <summary>Whether clients are led here only when somebody wants that: several live at the same variable.</summary>
    public virtual bool IsOptional => false;

    /// <summary>The one key that is accepted.</summary>
    public abstract string Key { get; }

    /// <summary>The path that follows scheme, host and port in the base URL.</summary>
    public abstract string BasePath { get; }

    /// <summary>How long the vendor works on a request or a task.</summary>
    public double WorkSeconds { get; set; }

    /// <summary>The base URL to put into <see cref="BaseUrlVariable"/>.</summary>
    public string BaseUrl => Server.Origin + BasePath;

    internal IReadOnlyDictionary<string, Setting> Settings => _settings;

    internal FakeServer Server { get; set; } = null!;

    internal abstract void Map(IEndpointRouteBuilder routes);

    /// <summary>Whether a path is this vendor's.</summary>
    internal abstract bool Owns(PathString path);

    /// <summary>Whether the key may be sent to a path which is this vendor's.</summary>
    internal abstract bool TakesKey(PathString path);

    /// <summary>The key as it came with a request; null when it did not.</summary>
    internal abstract string? OfferedKey(HttpRequest request);

    /// <summary>The answer to a request without the right key.</summary>
    internal abstract Answer Denied(string? offeredKey);

    /// <summary>The vendor's own body for a status which somebody asked for, or which routing came to.</summary>
    internal abstract Answer ErrorFor(int status, string? code = null);

    /// <summary>Adds the headers which every answer of the vendor has.</summary>
    internal virtual void Decorate(Answer answer)
    {
    }

    /// <summary>Forgets tasks.</summary>
    internal virtual void Forget()
    {
    }

    internal Answer FaultAnswer(Fault fault, int status)
    {
        Answer usual = ErrorFor(status, fault.Code);
        return fault.Body is null ? usual : usual.With(status, [System.Text.Encoding.UTF8.GetBytes(fault.Body)], fault.ContentType);
    }

    private protected void AddSetting(string name, Func<double> get, Action<double> set) => _settings.Add(name, new Setting(get, set));

    /// <summary>Wraps a handler in what all requests have in common: the key, faults, the books.</summary>
    private protected RequestDelegate Handle(FaultStage stage, Func<Exchange, Task<Answer>> handler, bool needsKey = true) => async http =>
    {
        RequestRecord record = FakeServer.RecordOf(http);
        record.Stage = stage;
        using var exchange = new Exchange(http, this, Server, record, stage);
        Answer answer;
        try
        {
            await exchange.MeetFaultBeforeReadAsync();
            if (needsKey && !record.KeyOk)
                throw new RefusedException(Denied(OfferedKey(http.Request)));
            answer = await handler(exchange);
            if (exchange.IsHitBy(FaultKind.StatusAfterBilling))
                answer = FaultAnswer(exchange.Fault!, exchange.Fault!.Status ?? 500);
        }
        catch (RefusedException refused)
        {
            answer = refused.Answer;
        }

        Decorate(answer);
        await AnswerSender.SendAsync(exchange, answer, exchange.Fault);
    };
}

/// <summary>A number that can be read and changed by name.</summary>
internal sealed record Setting(Func<double> Get, Action<double> Set);
