@{
    RootModule             = 'module/PSImageGen.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '6b0c2d5e-3f0a-4d53-9a3e-1c8f27b4e6d1'
    Author                 = 'PSImageGen contributors'
    CompanyName            = 'PSImageGen'
    Copyright              = '(c) PSImageGen contributors. MIT licence.'
    Description            = 'Make pictures with any AI provider from PowerShell. Nothing is paid for without consent, nothing is paid for twice, nothing paid for is lost.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    CmdletsToExport        = @(
        'Convert-AIImageStyle'
        'Edit-AIImage'
        'Export-AIImageGallery'
        'Get-AIImageBalance'
        'Get-AIImageCredential'
        'Get-AIImageEndpoint'
        'Get-AIImageMetadata'
        'Get-AIImageModel'
        'Get-AIImagePreference'
        'Get-AIImageProvider'
        'Get-AIImageTask'
        'Measure-AIImageCost'
        'New-AICharacterSheet'
        'New-AIImage'
        'New-AIImagePrompt'
        'New-AIImageVariation'
        'Register-AIImageProvider'
        'Remove-AIImageCredential'
        'Remove-AIImageTask'
        'Resize-AIImage'
        'Resume-AIImageTask'
        'Set-AIImageCredential'
        'Set-AIImagePreference'
        'Show-AIImage'
        'Stop-AIImageTask'
        'Test-AIImageCredential'
        'Test-AIImagePrompt'
        'Unregister-AIImageProvider'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags         = @('AI', 'Image', 'ImageGeneration', 'OpenAI', 'FLUX', 'StableDiffusion', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
