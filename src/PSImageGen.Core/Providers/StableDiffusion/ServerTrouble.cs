namespace PSImageGen.Core.Providers.StableDiffusion;

/// <summary>Why a server cannot be used, and what to do about it.</summary>
internal static class ServerTrouble
{
    public static AIImageException Unusable(ProviderProfile profile, Uri baseUrl, ServerFacts facts)
    {
        string where = Where(baseUrl), set = $"$env:{profile.BaseUrlVariable}";
        return facts switch
        {
            { IsThere: false } => Make(profile, ImageErrorId.ProviderUnavailable, Words.Of($"No Stable Diffusion server answers at {where}."),
                Words.Of($"Start it (A1111 or Forge: webui.sh --api; SD.Next: webui.sh; ComfyUI: python main.py), or set {set} to its address. A1111 usually lives at port 7860, ComfyUI at 8188.")),
            { WantsPassword: true } => Make(profile, ImageErrorId.AuthenticationFailed, Words.Of($"The server at {where} wants a user and a password, or does not accept those in {set}."),
                Words.Of($"Put them into the address: {set} = 'http://user:password@{baseUrl.Authority}{baseUrl.AbsolutePath.TrimEnd('/')}'. Write signs such as @ or / in a password as %40 or %2F.")),
            { LacksApi: true } => Make(profile, ImageErrorId.ProviderUnavailable, Words.Of($"The server at {where} runs without its API."), Words.Of("Start it again with --api: webui.sh --api (on Windows: set COMMANDLINE_ARGS=--api).")),
            _ => Make(profile, ImageErrorId.ProviderUnavailable, Words.Of($"What answers at {where} is neither A1111 (Forge, SD.Next) nor ComfyUI."), Words.Of($"Set {set} to the address of one of these. A1111 and Forge must be started with --api.")),
        };
    }

    public static AIImageException NoModel(ProviderProfile profile, Uri baseUrl, ServerFacts facts) =>
        Make(profile, ImageErrorId.ProviderUnavailable, Words.Of($"The server at {Where(baseUrl)} has no model to make pictures with."),
            Words.Of($"Put a checkpoint into its folder {(facts.IsComfyUI ? "models/checkpoints" : "models/Stable-diffusion")}."));

    public static AIImageException Cloud(ProviderProfile profile) =>
        Make(profile, ImageErrorId.Unsupported, Words.Of("Comfy Cloud is a paid service with a key of its own, which is not supported."), Words.Of($"Set $env:{profile.BaseUrlVariable} to a ComfyUI of your own, such as http://127.0.0.1:8188."));

    private static string Where(Uri baseUrl) => baseUrl.AbsoluteUri.TrimEnd('/');

    private static AIImageException Make(ProviderProfile profile, ImageErrorId id, string message, string recommendation) =>
        new(new ImageError { Id = id, Message = message, Recommendation = recommendation, Provider = profile.Id });
}
